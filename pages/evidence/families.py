"""Which family is better, and where?"""

import streamlit as st

from sgcore import plots, ui

PARTS = (ui.compared, ui.operated, ui.calibrated, ui.decided, ui.brought)

view = ui.start("Families", needs="models")
head, looks = st.container(), st.container()
part = ui.pick_part("families", [each.PART for each in PARTS])
at, column = ui.pick_cases(view), None
if part != ui.brought.PART:
    # Models made elsewhere are compared on whole sets and centers.
    at, column = ui.pick_subgroup(view, at)
shown = ui.results.families(view, at, ui.theme())

with looks:
    ui.counted(view, ui.subgroup_levels.looked_at(column), at.subset)
if part == ui.compared.PART:
    with head:
        ui.answer(shown.answer)
    with looks:
        ui.subgroup_levels.note(shown)
    ui.compared.roc(view, shown, name="family-roc")
    if len(shown.rows) and not shown.few:
        st.header("AUC of each family", anchor=False)
        ui.chart(
            plots.family_dots(shown.rows, ui.theme(), within=at.center is None),
            view,
            name="family-aucs",
            says=ui.results.dots_caption(view, shown),
            table=ui.tables.family_aucs(shown.rows),
            raw=shown.rows,
        )
    ui.compared.differences(view, shown, name="family-differences")
    ui.subgroup_levels.levels(view, shown, column)
    ui.lacking(view)
elif part != ui.brought.PART:
    ui.compared.promises(view, shown)
if part == ui.operated.PART:
    ui.operated.part(view, shown, name="family")
elif part == ui.calibrated.PART:
    ui.calibrated.calibration(view, shown)
elif part == ui.decided.PART:
    ui.decided.net_benefit(view, shown)
elif part == ui.brought.PART:
    ui.brought.part(view, shown, head)
if part != ui.compared.PART:
    ui.subgroup_levels.note(shown)
