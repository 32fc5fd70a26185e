"""No entity chosen: a search box, and the top of the queue as a start."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.components import address, look, scope
from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state
from dashboard.components.links import go
from dashboard.panels.queue_filters import PROVEN
from dashboard.store import data_version, read
from dashboard.text import md_escape, plain

FOUND = 20
SUGGESTED = 10


@panel
def find_entity() -> None:
    """Search by name or id; without a text, the first alerts of the queue."""
    asked = st.query_params.get("find", "").strip()
    with st.container(width=420):
        address.search("Find an entity", "find", asked, placeholder="Name, or id: mer_000001")
    if not asked:
        st.caption("Or start with the most valuable open alerts:")
        with boundary():
            _draw(_suggestions(), "Most valuable alerts")
        return
    found = scope.hide_names(read("pages/investigate/search", search=asked, limit=FOUND))
    if found.is_empty():
        empty_state(f"Nothing is called {plain(asked)!r}.", "Try part of the name, or the id.")
        return
    st.caption(f"Riskiest {len(found)} matches for {md_escape(asked)}")
    _draw(found, f"Entities matching {plain(asked)}")


def _suggestions() -> pl.DataFrame:
    nothing: dict[str, list[str]] = {
        name: [] for name in ("entity_types", "typologies", "bands", "decided")
    }
    return read(
        "pages/queue/open_alerts",
        **nothing,
        markets=scope.markets([]),
        lanes=list(PROVEN),
        search="",
        status="open",
        sort="priority",
        limit=SUGGESTED,
        offset=0,
    )


def _draw(rows: pl.DataFrame, alt: str) -> None:
    keys = tuple(f"{t}:{i}" for t, i in rows.select("entity_type", "entity_id").iter_rows())
    key = f"find-{data_version()}-{hash(keys)}"
    band = pl.col("score_band").replace_strict(theme.BAND_LABELS, default="No score")
    shown = rows.select(
        pl.col("name").map_elements(plain, return_dtype=pl.String, skip_nulls=False),
        pl.lit("Open").alias("open"),
        pl.col("entity_type").replace_strict(theme.ENTITY_LABELS, default="?").alias("kind"),
        pl.col("entity_id"),
        pl.col("market"),
        pl.concat_list(band.cast(pl.String)).alias("band"),
        pl.col("score"),
    )
    look.table(
        shown,
        {
            "name": look.text_column("Subject"),
            "open": look.button_column("", f"{key}-open", _open_row, (f"{key}-open", keys)),
            "kind": look.text_column("Entity"),
            "entity_id": look.text_column("Id"),
            "market": look.text_column("Market"),
            "band": look.band_column(),
            "score": look.score_column(),
        },
        alt=alt,
        key=key,
    )


def _open_row(key: str, keys: tuple[str, ...]) -> None:
    go("investigate", {"entity": keys[st.session_state[key]["row"]]})
