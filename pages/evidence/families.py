"""Which family is better, and where?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Families", needs="models")
subset, center = ui.pick_cases(view)
shown = ui.results.families(view, subset, center, ui.theme())

ui.answer(shown.answer)
ui.counted(view, "families", subset)
ui.compared.roc(view, shown, name="family-roc")
if len(shown.rows):
    st.subheader("AUC of each family", anchor=False)
    ui.chart(
        plots.family_dots(shown.rows, ui.theme(), within=center is None),
        view,
        name="family-aucs",
        says=ui.results.dots_caption(view, shown),
        table=ui.tables.family_aucs(shown.rows),
        raw=shown.rows,
    )
ui.compared.differences(view, shown, name="family-differences")
ui.unavailable(view)
