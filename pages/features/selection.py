"""What if the thresholds were others?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Selection", needs="models")
shown = ui.what_if.load(view, ui.pick_family(view))
theme, config = ui.theme(), shown.config.selection

ui.answer(shown.answer)
if shown.counts is not None:
    ui.chart(
        plots.funnel(
            shown.counts,
            theme,
            color=theme.family(shown.family),
            reference=shown.reference,
            names=("this analysis", shown.against),
        ),
        view,
        name="funnel",
        says="Features left after each step, in training patients. Bar length grows with the square root.",
        table=ui.what_if.counts_table(shown, plots.steps(shown.counts)),
    )
ui.analysis_choice.recipes(view)
ui.analysis_choice.keep(view)
st.header("Other thresholds", anchor=False)
ui.thresholds.outcome(view)
ui.progress()
ui.thresholds.form(view, shown.family)
if len(shown.features):
    st.header("What changed", anchor=False)
    ui.tables.table(ui.what_if.changes_table(shown), key="changes")
    ui.download(ui.what_if.changes_table(shown), view, "changes")
ui.what_if.held_out(view, shown, ui.headline_subset(view.frame("evaluations")))
if len(shown.fates):
    st.header("Every feature's p value", anchor=False)
    if shown.by_patient:
        st.write(shown.by_patient)
    if shown.untested:
        st.write(shown.untested)
        ui.tables.table(ui.tables.fates(shown.fates), key="fates")
        ui.download(shown.fates, view, "p-values")
    else:
        ui.chart(
            plots.p_values(shown.fates, theme, threshold=config.p_threshold, correction=config.correction),
            view,
            name="p-values",
            says="One point a feature, by class."
            + (" Crosses are numerical residue (no response on one slice)." if shown.residue else ""),
            table=ui.tables.fates(shown.fates),
            raw=shown.fates,
            beside=False,
        )
if len(shown.curve):
    st.header("LASSO", anchor=False)
    ui.chart(
        plots.lasso_curve(shown.curve, theme, loss=config.lasso_loss, color=theme.family(shown.family)),
        view,
        name="lasso-error",
        says="Error in patient-grouped folds of the training set; the dashed line is the chosen penalty.",
        table=ui.what_if.lasso_table(shown.curve),
        raw=shown.curve,
    )
    ui.chart(
        plots.lasso_path(shown.path, shown.curve, theme, shown.selected),
        view,
        name="lasso-coefficients",
        says="Each line is a feature; a coefficient of zero means that it is dropped.",
        table=ui.what_if.coefficients(shown),
    )
st.header("Would other patients give the same features?", anchor=False)
ui.resampling.stability(view, shown.family)
st.header("Were there enough patients to choose from so many?", anchor=False)
ui.development.needed(view, shown.family)
correlations = ui.correlations(view.analysis_id, shown.family)
if len(correlations) > 1:
    st.header("How alike the remaining features are", anchor=False)
    ui.chart(
        plots.correlation_map(correlations, theme, residue=shown.residue),
        view,
        name="correlations",
        says="Spearman correlation of the features before the LASSO, selected ones first. Training images.",
        table=correlations.reset_index(names="Feature"),
        beside=False,
    )
ui.link(
    "features-browser", "One feature at a time: its values by label and center, and why it stayed or went"
)
ui.link("models-classifiers", "Classifiers with this analysis")
