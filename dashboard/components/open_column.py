"""The button in each row of a table that leads to what the row is about."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.components import look
from dashboard.components.links import go


def open_column(
    table_key: str, ids: tuple[str, ...], page: str = "investigate", param: str = "entity"
) -> Any:
    """A column of buttons; row n leaves for `page` with `param` set to the nth of `ids`."""
    slot = f"{table_key}-open"
    return look.button_column("", slot, _open, (slot, ids, page, param))


def _open(slot: str, ids: tuple[str, ...], page: str, param: str) -> None:
    go(page, {param: ids[st.session_state[slot]["row"]]})
