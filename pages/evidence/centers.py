"""Does it travel?"""

from sgcore import plots, ui

view = ui.start("Centers", needs="models")
shown = ui.centers.load(view, ui.pick_family(view))
effects = shown.effects

ui.answer(shown.answer)
if effects is None:
    ui.centers.offer(view, shown)
else:
    ui.counted(view, "centers", shown.subset)
    ui.chart(
        plots.forest(effects.rows, effects.together, ui.theme(), family=effects.family),
        view,
        name="centers",
        says=shown.caption,
        table=ui.centers.table(effects),
        raw=shown.raw,
    )
    ui.centers.together(shown)
    ui.centers.enough(view, shown)
ui.resampling.centers(view, shown.family)
ui.lacking(view)
ui.link("evidence-families", "Compare the families in one center")
ui.link("study-cohort", "Who was studied in each center")
