"""What is wrong with my files?"""

from sgcore import ui

ui.start("Import", needs="nothing")
ui.answer(ui.importing.sentence())
ui.importing.outcome()
ui.importing.source()
ui.importing.problems()
ui.importing.stored()
