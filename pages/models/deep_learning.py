"""Did the networks learn, and from what weights?"""

import streamlit as st

from sgcore import plots, ui

view = ui.start("Deep learning", needs="models")
if ui.networks.there(view):
    shown = ui.networks.load(view, ui.pick_cases(view, one_center=False))
    theme = ui.theme()
    ui.answer(shown.answer)
    ui.counted(view, "deep learning", shown.at.subset)
    if len(shown.rows):
        ui.chart(
            plots.network_dots(shown.rows, theme, picked=shown.picked, called=shown.called),
            view,
            name="network-aucs",
            says=ui.networks.dots_caption(view, shown),
            table=ui.networks.aucs_table(view, shown),
            raw=shown.rows,
        )
    else:
        ui.unavailable(view, "DL")
    ui.network_results.table(view, shown)
    ui.network_results.matrices(view, shown)
    st.header("Training curves", anchor=False)
    if ui.networks.metrics(shown):
        metric = ui.networks.pick_metric(shown)
        ui.chart(
            plots.training_curves(shown.curves, theme, metric=metric),
            view,
            name="training-curves",
            says=ui.network_answers.curve(ui.networks.whole(shown), metric),
            table=ui.networks.curves_table(shown),
            raw=shown.curves,
        )
    else:
        st.write("The study brings no training curve of this network (table training_curves).")
    st.header("Weights", anchor=False)
    ui.tables.table(ui.networks.weights_table(shown), key="network-weights")
    ui.download(shown.networks, view, "networks")
    if len(shown.variance):
        st.header("Deep features", anchor=False)
        ui.chart(
            plots.explained_variance(shown.variance, theme),
            view,
            name="explained-variance",
            says=ui.network_answers.variance(shown.variance),
            table=ui.networks.variance_table(shown),
            raw=shown.variance,
        )
    if len(shown.points):
        ui.chart(
            plots.component_scatter(
                shown.points, theme, ui.networks.labels(view), ui.networks.symbols(view, shown)
            ),
            view,
            name="deep-components",
            says=ui.networks.components_caption(view, shown),
            table=shown.points,
        )
    ui.link("models-explanations", "What drives the models of deep features")
    ui.link("cases-case", "Where the network looks, image by image")
