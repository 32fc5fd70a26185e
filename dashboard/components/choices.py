"""Choices that cannot be lost or taken by accident: the one door to these widgets.

A click on the chosen segment switches it off, and the first line of a multi-choice is
"Select all", which Enter takes. Where a choice is needed neither may happen, so that nobody
records what they did not mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.text import md_escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def one_of(
    label: str,
    choices: Mapping[str, str],
    *,
    key: str,
    default: str | None = None,
    on_change: Callable[[], None] | None = None,
    is_bare: bool = False,
) -> str | None:
    """A row of segments (value: shown text); one that is chosen stays so until another is.

    None = nothing was chosen yet; `default` is what a fresh one starts with. A bare one has its
    label read aloud only. Inside a form there is no `on_change`.
    """
    return st.segmented_control(
        label,
        list(choices),
        key=key,
        default=default,
        required=True,
        wrap=True,
        format_func=lambda option: choices.get(option, option),
        label_visibility="collapsed" if is_bare else "visible",
        on_change=on_change,
    )


def several_of(
    label: str,
    choices: Mapping[str, str],
    *,
    key: str,
    placeholder: str,
    default: Sequence[str] | None = None,
    on_change: Callable[[], None] | None = None,
) -> list[str]:
    """A multi-choice (value: shown text) without a line that takes them all.

    A fresh one starts with `default`.
    """
    return st.multiselect(
        label,
        list(choices),
        default=default,
        key=key,
        format_func=lambda option: choices.get(option, option),
        placeholder=placeholder,
        select_all=False,
        on_change=on_change,
    )


def ticks_of(
    label: str,
    choices: Mapping[str, str],
    *,
    key: str,
    default: Sequence[str] = (),
    on_change: Callable[[], None] | None = None,
) -> None:
    """A tick for each choice (value: what stands behind it), for sentences that a list would cut.

    What is ticked is read by `ticked`; a fresh one starts with `default`.
    """
    with st.container(gap="xsmall"):
        st.markdown(f":small[{label}]")
        for number, (choice, behind) in enumerate(choices.items()):
            st.checkbox(
                md_escape(choice),
                value=choice in default,
                key=f"{key}.{number}",
                help=md_escape(behind),
                on_change=on_change,
            )


def ticked(choices: Mapping[str, str], key: str) -> tuple[str, ...]:
    """The choices of `ticks_of` that are ticked, in their order."""
    held = st.session_state.get
    return tuple(one for number, one in enumerate(choices) if held(f"{key}.{number}"))
