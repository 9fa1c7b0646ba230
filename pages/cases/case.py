"""Why this answer for this patient?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Case", needs="models")
family = ui.pick_family(view)
case = ui.chosen_case.pick(view)

head = st.container()
hidden = ui.chosen_case.turn_pages(case)
rows = ui.case_scores.scores(view, case, hidden=hidden)
with head:
    ui.case.say(view, case, rows, family, hidden=hidden)
left, right = st.columns(2, gap="medium")
with left:
    seen = ui.case.read(view, case)
    if seen is not None:
        display = ui.case.display(view, seen)
        ui.chart(
            plots.case_image(
                seen.image.pixels, seen.mask.pixels, ui.theme(), **ui.case.drawing(seen, display)
            ),
            view,
            name="case-image",
            says=ui.case.map_text(view, case, display),
            table=ui.case.facts(view, case, seen, scored=rows is not None),
            beside=False,
        )
if rows is not None:
    with right:
        ui.case_scores.sum_of(view, case, family, rows)
    st.header("All scores against their thresholds", anchor=False)
    ui.case_scores.against_thresholds(view, case, rows)
ui.case.other_images(case)
ui.noted.notes(view, case, hidden=hidden, scored=rows is not None)
ui.link("cases-gallery", "All cases, to sort and filter")
ui.link("models-explanations", "What drives the model over all images")
