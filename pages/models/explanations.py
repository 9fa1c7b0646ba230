"""What drives the model?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Explanations", needs="models")
shown, theme = ui.explained.load(view), ui.theme()
if shown is not None:
    ui.answer(shown.answer)
    ui.chart(
        plots.beeswarm(shown.values, theme, shown.shown),
        view,
        name="feature-effects",
        says=ui.explained_answers.caption(shown.model, shown.values),
        table=ui.explained.table(shown),
        raw=shown.values,
    )
    ui.explained.notes(view, shown)
    st.header("How much each feature counts", anchor=False)
    ui.chart(
        plots.mean_shap(shown.means, theme, shown.shown, family=shown.family),
        view,
        name="mean-effects",
        says="Mean size of the SHAP values, either way. A feature that copies another shares its part with it.",
        table=ui.explained.table(shown),
    )
    st.header("One feature", anchor=False)
    feature = ui.explained.pick_feature(shown)
    rows = ui.explained.of_feature(shown, feature)
    ui.chart(
        plots.dependence(rows, theme, shown.names[feature], family=shown.family),
        view,
        name="effect-by-value",
        says="One point an image: the feature's value and how far it moves the probability. Points of like value "
        "that lie apart depend on the other features.",
        table=ui.explained.feature_table(rows),
        raw=rows,
    )
    ui.link("features-browser", "This feature by label and center", feature=feature, family=shown.family)
ui.explained.offer(view)
ui.link("cases-case", "Single cases with their scores and images")
ui.link("features-selection", "How the features were selected")
