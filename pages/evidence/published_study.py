"""Do a paper's own numbers hold?"""

import streamlit as st

from sgcore import ui

view = ui.start("Published study", needs="nothing")
head = st.container()
left, right = st.columns(2, gap="large")
with left:
    found = ui.published.typed(ui.pick_part("published", ui.published.PARTS))
    ui.published.downloads(found)
with head:
    ui.answer(ui.published_found.sentence(found))
with right:
    ui.published_found.show(found, view)
    ui.published.export(found)
