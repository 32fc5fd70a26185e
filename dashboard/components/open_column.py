"""What in each row of a table leads to what the row is about: a button, or the name itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components import look
from dashboard.components.links import go


def name_column(label: str, table_key: str, ids: tuple[str, ...], *, width: int) -> Any:
    """A column of names, each of which leads to the subject whose key is the nth of `ids`."""
    slot = f"{table_key}-{label}"
    return look.button_column(label, slot, _open, (slot, ids, "investigate", "entity"), width=width)


def open_column(
    table_key: str, ids: tuple[str, ...], page: str = "investigate", param: str = "entity"
) -> Any:
    """A column of buttons; row n leaves for `page` with `param` set to the nth of `ids`."""
    slot = f"{table_key}-open"
    return look.button_column("", slot, _open, (slot, ids, page, param))


def _open(slot: str, ids: tuple[str, ...], page: str, param: str) -> None:
    chosen = ids[st.session_state[slot]["row"]]
    if chosen:
        go(page, {param: chosen})
