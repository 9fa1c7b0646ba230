"""What do I hand over?"""

from sgcore import ui

view = ui.start("Report")
shown = ui.reported.load(view)

ui.answer(ui.reported.sentence(shown))
if ui.reported.opened(view) and shown is not None:
    ui.reported.preview(shown)
    ui.reported.download(view)
    ui.reported.checklists(shown)
ui.link("evidence-audit", "See the findings with their evidence")
