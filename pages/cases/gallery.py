"""Which cases should I look at?"""

import streamlit as st

from sgcore import ui

view = ui.start("Gallery", needs="models")
family, at = ui.pick_family(view), ui.pick_cases(view)

head, filters = st.container(), st.container()
places = ui.gallery_pages.places()
gallery = ui.gallery.load(view, family, at, hidden=ui.chosen_case.blinded(places[-1]))
with head:
    ui.gallery.say(gallery)
with filters:
    passing = ui.gallery.choose(gallery)
if passing.empty:
    ui.gallery.nothing_passes(gallery)
else:
    ui.gallery_tiles.tiles(gallery, ui.gallery_pages.turn(gallery, passing, places))
    ui.gallery.table(gallery, passing)
