"""Can I trust this study?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Overview")
study, evaluations = view.study, view.frame("evaluations")
subset = "train" if view.what_if else ui.headline_subset(evaluations)
shown = ui.results.families(view, view.at(subset), ui.theme())
development, parts, external = plots.flow_groups(study, view.frame("failures"))

ui.answer(shown.answer)
audited = ui.audited.ready(view)
# The audit takes longer than the chart, which need not wait for it.
verdict = st.empty()
verdict.markdown(ui.audited.RUNNING)
if len(shown.rows):
    ui.chart(
        plots.family_dots(shown.rows, ui.theme(), within=True),
        view,
        name="family-aucs",
        says=ui.results.dots_caption(view, shown),
        table=ui.tables.family_aucs(shown.rows),
        raw=shown.rows,
    )
if audited:
    with verdict:
        ui.answer(ui.audited.verdict(view))
ui.chart(
    plots.flow(development, parts, external, ui.theme(), (study.negative, study.positive)),
    view,
    name="flow-of-cases",
    says=f"Patients ({study.negative} / {study.positive}) and images of each part.",
    table=plots.flow_table([development, *parts, *external], study),
)
ui.unavailable(view)
ui.overview.failures(view)
if audited:
    st.header("What a strict reviewer would object to", anchor=False)
    ui.overview.objections(view)
ui.overview.notes(view)
ui.link("evidence-families", "Compare the families")
ui.link("evidence-centers", "See whether a model travels: each center by itself")
ui.link("study-cohort", "Look at the cohort")
if not audited:
    ui.audited.soon(view)
