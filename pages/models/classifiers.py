"""Which of the six, and how was it picked?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Classifiers", needs="models")
family, subset = ui.pick_family(view), ui.pick_subset(view)
center = ui.pick_center(view, subset)
theme = ui.theme()
shown = ui.results.classifiers(view, family, subset, center, theme)

ui.answer(shown.answer)
ui.counted(view, "classifiers", subset)
rows = ui.results.by_subset(view, family, subset)
ui.chart(
    plots.classifier_dots(rows, theme, family=family, picked=ui.results.picked(view, family)),
    view,
    name="classifier-aucs",
    says=ui.results.pick_caption(view, family),
    table=ui.tables.evaluations(rows, origin=ui.results.threshold_origin(view)),
    raw=rows,
)
st.subheader("ROC curves", anchor=False)
if shown.drawable:
    ui.chart(
        plots.roc(
            shown.points,
            theme,
            colors=shown.colors,
            dashes=shown.dashes,
            labels=shown.labels,
            operating=shown.operating,
        ),
        view,
        name="classifier-roc",
        says=ui.results.roc_caption(view, subset, center),
        table=ui.tables.evaluations(shown.rows, origin=ui.results.threshold_origin(view)),
        raw=shown.rows,
    )
else:
    st.write(ui.results.why_none(shown))
if len(shown.comparisons):
    st.subheader("Differences between classifiers (DeLong)", anchor=False)
    ui.chart(
        plots.delong_matrix(shown.comparisons, theme, list(plots.DASHES)),
        view,
        name="classifier-differences",
        says="Below the diagonal: row minus column, with its interval. Above: raw p and p adjusted by Holm.",
        table=ui.tables.comparisons(shown.comparisons),
        raw=shown.comparisons,
    )
ui.link("evidence-families", "Compare the families")
