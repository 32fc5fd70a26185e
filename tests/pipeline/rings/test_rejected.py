"""A pair that an analyst has called unconnected is tied by nothing in the next build."""

from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl

import queries
from pipeline.rings import rejected
from pipeline.settings.rings import RingSettings
from pipeline.tables import store

AT = datetime.fromisoformat("2026-09-01")
THINGS = pl.DataFrame(
    {
        "relation": "device",
        "thing_id": "dev_1",
        "node": ["buyer:a", "buyer:b", "buyer:c"],
        "first_seen_at": AT,
        "last_seen_at": AT,
        "evidence_count": 2,
        "suspect_count": 3,
    }
)
TARGETS = {
    **dict.fromkeys(("relation", "thing_id", "node", "typology"), pl.String),
    **dict.fromkeys(("first_seen_at", "last_seen_at"), pl.Datetime),
    **dict.fromkeys(("evidence_count", "suspect_count", "visitor_count"), pl.Int64),
    "surprise": pl.Float64,
}
ORDER = pl.DataFrame({"src": ["buyer:a"], "dst": ["buyer:c"]})


def ties(links: pl.DataFrame | None) -> set[tuple[str, str]]:
    """Pairs that `queries/rings/ties` ties when `links` were called none."""
    settings = vars(RingSettings())
    with duckdb.connect() as con:
        con.execute("create schema rings")
        store(con, "rings.things", THINGS)
        store(con, "rings.targets", pl.DataFrame(schema=TARGETS))
        rejected.write(con, lambda *_: None, links)
        params = {one.name: settings[one.name] for one in queries.get("rings/ties").params}
        queries.build(con, "rings/ties", **params)
        return set(con.sql("select src, dst from rings.ties").fetchall())


def test_a_rejected_link_ties_nobody() -> None:
    """Only that pair comes apart; without a casebook nothing does."""
    every = {("buyer:a", "buyer:b"), ("buyer:a", "buyer:c"), ("buyer:b", "buyer:c")}
    assert ties(None) == every
    assert ties(ORDER) == every - {("buyer:a", "buyer:c")}
