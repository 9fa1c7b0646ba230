"""Which of the six, and how was it picked?"""

import streamlit as st

from sgcore import plots, ui

PARTS = (
    ui.compared.PART,
    ui.cut.PART,
    ui.operated.PART,
    ui.resampling.OVERFITTING,
    ui.resampling.CHANCE,
)

view = ui.start("Classifiers", needs="models")
family = ui.pick_family(view)

head = st.container()
# A sentence that waits for what the page chooses below.
said = head.container()
part = ui.pick_part("classifiers", PARTS)
if part == ui.resampling.OVERFITTING:
    # By folds of the training patients alone: no set and no center to choose.
    ui.resampling.cross_validation(view, family)
elif part == ui.resampling.CHANCE:
    ui.resampling.permutation(view, family, ui.pick_cases(view, one_center=False).subset)
else:
    at = ui.pick_cases(view)
    shown = ui.results.classifiers(view, family, at, ui.theme())
    with head:
        if part == ui.compared.PART:
            ui.answer(shown.answer)
        ui.counted(view, "classifiers", at.subset)
    if part == ui.compared.PART:
        rows = ui.results.by_subset(view, family, at.subset)
        ui.chart(
            plots.classifier_dots(
                rows, ui.theme(), family=family, picked=ui.results.picked(view, family, at.subset)
            ),
            view,
            name="classifier-aucs",
            says=ui.results.pick_caption(view, family, at.subset),
            table=ui.tables.evaluations(rows, origin=ui.results.threshold_origin(view)),
            raw=rows,
        )
        st.header("ROC curves", anchor=False)
        ui.compared.roc(view, shown, name="classifier-roc")
        ui.compared.differences(view, shown, name="classifier-differences")
    elif part == ui.cut.PART:
        ui.cut.part(view, shown, family, said)
    else:
        ui.compared.promises(view, shown)
        ui.operated.part(view, shown, name="classifier")
ui.link("evidence-families", "Compare the families")
