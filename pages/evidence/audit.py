"""What would a strict reviewer object to?"""

from sgcore import ui

view = ui.start("Audit", needs="study")

ui.answer(ui.audited.verdict(view))
ui.progress()
ui.audit_jobs.section(view)
ui.audit_cards.show(view)
ui.link("evidence-centers", "See whether a model travels: each center by itself")
