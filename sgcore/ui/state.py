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
    key, kept = f"pick_{name}", f"kept_{name}"
    wanted, asked = taken(name), asked_for(name)
    if wanted in options:
        st.session_state[key] = wanted
    elif asked in options:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        before = st.session_state.get(kept)
        st.session_state[key] = before if before in options else default
    else:
        # The same picker of the page before is another widget to Streamlit: only what is set anew reaches this one.
        st.session_state[key] = st.session_state[key]
    value = draw(label, options, key=key, **settings)
    value = default if value is None else str(value)
    st.session_state[kept] = value
    write(name, value)
    return value


def put(name: str, value: str) -> None:
    """Choose a value from code; it holds from the next run on."""
    st.session_state[f"put_{name}"] = value


def taken(name: str) -> str | None:
    """What code has chosen in the run before, once."""
    value: str | None = st.session_state.pop(f"put_{name}", None)
    return value


def asked_for(name: str) -> str | None:
    """What the link says that this program did not write itself, or None."""
    value = st.query_params.get(name)
    return None if value == st.session_state.get(f"written_{name}") else value


def write(name: str, value: str | None) -> None:
    """Set a value in the link, or take it out."""
    st.session_state[f"written_{name}"] = value
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
