"""Can I trust this study?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Overview")
study, evaluations = view.study, view.frame("evaluations")
subset = "train" if view.what_if else ui.headline_subset(evaluations)
shown = ui.results.families(view, subset, None, ui.theme())
development, parts, external = ui.overview.flow_groups(study)

ui.answer(f"{shown.answer} {ui.overview.verdict(view.frame('findings'))}")
if len(shown.rows):
    ui.chart(
        plots.family_dots(shown.rows, ui.theme(), within=True),
        view,
        name="family-aucs",
        says=ui.overview.dots_caption(subset, view.unit),
        table=ui.tables.family_aucs(shown.rows),
        raw=shown.rows,
    )
ui.unavailable(view)
ui.chart(
    plots.flow(development, parts, external, ui.theme(), (study.negative, study.positive)),
    view,
    name="flow-of-cases",
    says=f"Patients and images of each part, then {study.negative} / {study.positive} patients.",
    table=ui.overview.flow_table([development, *parts, *external], study),
)
st.subheader("What a strict reviewer would object to", anchor=False)
ui.overview.findings(view)
ui.overview.notes(view)
ui.link("evidence-families", "Compare the families")
ui.link("study-cohort", "Look at the cohort")
