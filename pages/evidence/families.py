"""Which family is better, and where?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Families", needs="models")
subset = ui.pick_subset(view)
center = ui.pick_center(view, subset)
theme = ui.theme()
shown = ui.results.families(view, subset, center, theme)

ui.answer(shown.answer)
ui.counted(view, "families", subset)
if shown.drawable:
    ui.chart(
        plots.roc(
            shown.points,
            theme,
            colors=shown.colors,
            labels=shown.labels,
            band=shown.best,
            operating=shown.operating,
        ),
        view,
        name="family-roc",
        says=ui.results.roc_caption(view, subset, center, band=shown.best),
        table=ui.tables.evaluations(shown.rows, origin=ui.results.threshold_origin(view)),
        raw=shown.rows,
    )
else:
    st.write(ui.results.why_none(shown))
if len(shown.rows):
    st.subheader("AUC of each family", anchor=False)
    ui.chart(
        plots.family_dots(shown.rows, theme, within=center is None),
        view,
        name="family-aucs",
        says="Pairs of the same center leave out what differing shares of positives between centers add.",
        table=ui.tables.family_aucs(shown.rows),
        raw=shown.rows,
    )
if len(shown.comparisons):
    st.subheader("Differences between families (DeLong)", anchor=False)
    ui.chart(
        plots.delong_matrix(shown.comparisons, theme, list(shown.colors)),
        view,
        name="family-differences",
        says="Below the diagonal: row minus column, with its interval. Above: raw p and p by Holm.",
        table=ui.tables.comparisons(shown.comparisons),
        raw=shown.comparisons,
    )
ui.unavailable(view)
