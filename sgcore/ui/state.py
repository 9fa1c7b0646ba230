"""What is being looked at: kept over page changes, and written into the link so that it can be shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def choose(
    name: str,
    options: Sequence[str],
    default: str,
    draw: Callable[..., Any],
    label: str,
    **settings: Any,
) -> str:
    """Draw a picker whose value lives in the link as ``?name=value`` and outlives its page.

    A value in the link that this program did not write itself (a shared link, the back button) wins
    over what was chosen before; a value that is no option falls back to ``default``.

    Parameters
    ----------
    draw : a Streamlit picker, such as ``st.sidebar.selectbox``.
    settings : its other arguments.
    """
    key, kept, written = f"pick_{name}", f"kept_{name}", f"written_{name}"
    asked = st.query_params.get(name)
    foreign = asked is not None and asked != st.session_state.get(written)
    wanted = st.session_state.pop(f"put_{name}", None)
    if wanted in options:
        st.session_state[key] = wanted
    elif foreign and asked in options:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        before = st.session_state.get(kept)
        st.session_state[key] = before if before in options else default
    else:
        # The same picker of the page before is another widget to Streamlit: only what is set anew reaches this one.
        st.session_state[key] = st.session_state[key]
    value = draw(label, options, key=key, **settings)
    value = default if value is None else str(value)
    st.session_state[kept] = st.session_state[written] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value
    return value


def put(name: str, value: str) -> None:
    """Choose a value from code; it holds from the next run on."""
    st.session_state[f"put_{name}"] = value
