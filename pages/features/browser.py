"""What is this feature?"""

import streamlit as st

from sgcore import ui

view = ui.start("Features", needs="models")
family = ui.pick_family(view)
head = st.container()
listed = ui.browsed_list.choose(view, family)
shown = ui.browsed.load(view, family, listed, ui.browsed_list.pick(listed))
with head:
    ui.browsed.say(listed, shown)
if shown is not None:
    if shown.drawable:
        ui.chart(
            ui.browsed.draw(shown),
            view,
            name="feature",
            says=ui.browsed.caption(shown),
            table=ui.browsed.table(shown),
            raw=shown.images,
        )
    else:
        st.write("No image that may be shown has a finite value of this feature.")
    ui.browsed.held_out(view)
    st.header("Single cases", anchor=False)
    ui.browsed.extremes(shown)
    st.header("All features", anchor=False)
    ui.browsed_list.table(listed)
ui.link("features-selection", "How the features were selected")
ui.link("models-explanations", "What drives the model")
