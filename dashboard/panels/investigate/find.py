"""No entity chosen: a search box, and the top of the queue as a start."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.columns import mapped
from dashboard.components import address, look, scope
from dashboard.components.access_record import log_search
from dashboard.components.boundary import boundary, panel
from dashboard.components.empty_state import empty_state
from dashboard.components.open_column import open_column
from dashboard.components.queue_address import PROVEN, query_params
from dashboard.components.standings import case_standings
from dashboard.state import QueueFilters
from dashboard.store import data_version, read
from dashboard.text import md_escape, plain

MATCHES = 20
SUGGESTIONS = 10


@panel
def find_entity() -> None:
    """Search by name or id; without a text, the first alerts of the queue."""
    search = st.query_params.get("find", "").strip()
    with st.container(width=420):
        address.search("Find an entity", "find", search, placeholder="Name, or id: mer_000001")
    if not search:
        st.caption("Or start with whoever is most urgent in the first cases of the queue:")
        with boundary():
            _draw(_suggestions(), "The most urgent of the first cases")
        return
    matches = scope.hide_names(read("pages/investigate/search", search=search, limit=MATCHES))
    log_search(search, len(matches))
    if matches.is_empty():
        empty_state(f"Nothing is called {plain(search)!r}.", "Try part of the name, or the id.")
        return
    st.caption(f"Riskiest {len(matches)} matches for {md_escape(search)}")
    _draw(matches, f"Entities matching {plain(search)}")


def _suggestions() -> pl.DataFrame:
    params = query_params(QueueFilters(), "open", case_standings())
    first = {"sort": "priority", "limit": SUGGESTIONS, "offset": 0}
    cases = read("pages/queue/open_cases", **{**params, "lanes": list(PROVEN)}, **first)
    return read("pages/queue/alerts", keys=[keys[0] for keys in cases["member_keys"]])


def _draw(rows: pl.DataFrame, alt: str) -> None:
    keys = tuple(f"{t}:{i}" for t, i in rows.select("entity_type", "entity_id").iter_rows())
    key = f"find-{data_version()}-{hash(keys)}"
    band = pl.col("score_band").replace_strict(theme.BAND_LABELS, default="No score")
    table = rows.select(
        mapped(rows, "name", plain),
        pl.lit("Open").alias("open"),
        pl.col("entity_type").replace_strict(theme.ENTITY_LABELS, default="?").alias("entity"),
        pl.col("entity_id"),
        pl.col("market"),
        pl.concat_list(band.cast(pl.String)).alias("band"),
        pl.col("probability" if "probability" in rows.columns else "score").alias("score"),
    )
    look.table(
        table,
        {
            "name": look.text_column("Subject"),
            "open": open_column(key, keys),
            "entity": look.text_column("Entity"),
            "entity_id": look.text_column("Id"),
            "market": look.text_column("Market"),
            "band": look.band_column(),
            "score": look.score_column(),
        },
        alt=alt,
        key=key,
    )
