"""The figures a manager opens with, drawn as tiles: a click chooses one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components.packaged import packaged
from dashboard.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.view_models.kpi_tiles import Tile

_HTML = '<div class="rf-tiles" role="group"></div>\n'
_HERE = Path(__file__).parent


def kpi_tiles(
    tiles: Sequence[Tile], *, key: str, on_choose: Callable[[str], None], in_row: int = 0
) -> None:
    """Draw `tiles`; `on_choose` gets the code of the one that was clicked, before the page runs.

    `in_row` of them stand in a row, as many as fit if it is 0.
    """
    codes = {tile.code for tile in tiles}

    def chosen() -> None:
        code = getattr(st.session_state.get(key), "choose", None)
        if code in codes:
            on_choose(str(code))

    mount = packaged("kpi_tiles", _HERE, html=_HTML, css="kpi_tiles.css", js="kpi_tiles.js")
    mount(key=key, data=payload(tiles, in_row), on_choose_change=chosen)


def payload(tiles: Sequence[Tile], in_row: int = 0) -> dict[str, Any]:
    """What travels to the browser: words are visible text, never markup."""
    rows = [vars(tile) for tile in tiles]
    shown = [{name: _shown(value) for name, value in row.items()} for row in rows]
    return {"tiles": shown, "alt": f"{len(tiles)} metrics", "inRow": in_row}


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    return list(value) if isinstance(value, tuple) else value
