"""What is wrong with my files?"""

import streamlit as st

from sgcore import ui

view = ui.start("Import", needs="nothing")
head = st.container()
if ui.pick_part("import", (ui.checking.PART, ui.brought.PART)) == ui.checking.PART:
    ui.checking.outcome()
    with head:
        ui.answer(ui.checking.sentence())
    ui.importing.outcome()
    ui.progress()
    ui.checking.source()
    ui.checking.problems()
    ui.importing.only_audit()
    ui.importing.begin()
    ui.importing.stored()
else:
    ui.bringing.outcome()
    with head:
        ui.answer(ui.bringing.sentence())
    ui.progress()
    ui.bringing.source(view)
    ui.bringing.roles(view)
    ui.bringing.problems()
    ui.brought_alone.show(view)
    ui.bringing.stored()
