"""Does it travel?"""

from sgcore import plots, ui

view = ui.start("Centers", needs="models")
shown = ui.centers.load(view, ui.pick_family(view))
against = ui.centers_compared.pick(view)

ui.answer(shown.answer)
effects = ui.centers.opened(view, shown)
if effects is not None:
    ui.chart(
        plots.forest(effects.rows, effects.together, ui.theme(), family=effects.family),
        view,
        name="centers",
        says=ui.centers.caption(effects),
        table=ui.centers.table(effects),
        raw=ui.centers.raw(effects),
    )
    ui.centers.together(effects)
    ui.centers_compared.show(view, effects, against, shown.subset)
    ui.centers.enough(view, effects)
ui.resampling.centers(view, shown.family)
ui.center_signal.section(view)
ui.lacking(view)
ui.link("evidence-families", "Compare the families in one center")
ui.link("study-cohort", "Who was studied in each center")
