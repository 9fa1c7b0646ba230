"""What is wrong with my files?"""

from sgcore import ui

ui.start("Import", needs="nothing")
ui.checking.outcome()
ui.answer(ui.checking.sentence())
ui.importing.outcome()
ui.progress()
ui.checking.source()
ui.checking.problems()
ui.importing.begin()
ui.importing.stored()
