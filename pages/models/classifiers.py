"""Which of the six, and how was it picked?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Classifiers", needs="models")
family = ui.pick_family(view)
subset, center = ui.pick_cases(view)
shown = ui.results.classifiers(view, family, subset, center, ui.theme())

ui.answer(shown.answer)
ui.counted(view, "classifiers", subset)
part = ui.pick_part("classifiers", ("AUC", ui.operated.PART, "Overfitting", "Chance"))
if part == "AUC":
    rows = ui.results.by_subset(view, family, subset)
    ui.chart(
        plots.classifier_dots(
            rows, ui.theme(), family=family, picked=ui.results.picked(view, family, subset)
        ),
        view,
        name="classifier-aucs",
        says=ui.results.pick_caption(view, family, subset),
        table=ui.tables.evaluations(rows, origin=ui.results.threshold_origin(view)),
        raw=rows,
    )
    st.subheader("ROC curves", anchor=False)
    ui.compared.roc(view, shown, name="classifier-roc")
    ui.compared.differences(view, shown, name="classifier-differences")
elif part == ui.operated.PART:
    ui.operated.part(view, shown, name="classifier")
elif part == "Overfitting":
    ui.resampling.cross_validation(view, family)
else:
    ui.resampling.permutation(view, family, subset)
ui.link("evidence-families", "Compare the families")
