"""The dashboard's entry: page set-up, the sidebar that every page shares, and the page asked for."""

import streamlit as st

from sgcore import ui

st.set_page_config(page_title="sgaudit", layout="wide", initial_sidebar_state="expanded")
page = ui.navigation()
# Before the sidebar: what is waited for, and what went wrong, stands in the middle of the page.
ui.store.store()
ui.sidebar()
page.run()
ui.footer()
