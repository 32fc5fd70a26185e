"""What became of rings: each member's change by where it was and where it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.lasting_ids import Naming, with_ids
from pipeline.publishing.ring_history import HISTORY, changes, write
from pipeline.tables import store

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 5, 8)


def members(**rings: str) -> pl.DataFrame:
    """Members by ring, a letter each."""
    rows = [(ring, "buyer", name) for ring, names in rings.items() for name in names]
    return pl.DataFrame(rows, schema=["ring_id", "entity_type", "entity_id"], orient="row")


def said(before: pl.DataFrame, now: pl.DataFrame) -> dict[str, tuple[str, str, str | None]]:
    """Change, ring and other ring of each member that changed."""
    rows = changes(before, now).select("entity_id", "change", "ring_id", "other_ring_id")
    return {row[0]: row[1:] for row in rows.iter_rows()}


def test_nothing_changed_is_no_row() -> None:
    """The same rings in another order."""
    rings = members(r1="abc", r2="def")
    assert changes(rings, rings.reverse()).is_empty()


def test_who_comes_and_goes_is_told_by_ring() -> None:
    """One left, one joined, a ring is new and one is over."""
    before, now = members(r1="abc", r2="xyz"), members(r1="abd", r3="uvw")
    assert said(before, now) == {
        "c": ("left", "r1", None),
        "d": ("joined", "r1", None),
        **dict.fromkeys("xyz", ("ended", "r2", None)),
        **dict.fromkeys("uvw", ("founded", "r3", None)),
    }


def test_rings_merge_and_split() -> None:
    """What went into another ring merged, what came out of one that goes on split."""
    merged = said(members(r1="abc", r2="de"), members(r1="abcde"))
    assert merged == dict.fromkeys("de", ("merged", "r1", "r2"))
    split = said(members(r1="abcde"), members(r1="abc", r2="de"))
    assert split == dict.fromkeys("de", ("split", "r2", "r1"))
    moved = said(members(r1="abc", r2="def"), members(r1="abcd", r2="ef"))
    assert moved == {"d": ("moved", "r1", "r2")}


def test_another_score_of_the_same_data_keeps_ids_and_tells_only_who_moved() -> None:
    """A member less and one more: the ring keeps its id, whatever number its cluster has now."""
    naming = Naming("rng_", 3, 0.1)
    first = pl.DataFrame({"node": [f"buyer:{n}" for n in "abcdef"], "cluster": [1, 1, 1, 2, 2, 2]})
    before = with_ids(first, None, naming)
    again = pl.DataFrame({"node": [f"buyer:{n}" for n in "abgdef"], "cluster": [9, 9, 9, 4, 4, 4]})
    now = with_ids(again, before, naming)
    frames = [frame.rename({"group_id": "ring_id"}).drop("node") for frame in (before, now)]
    assert {row[0] for row in said(frames[0], frames[1]).values()} == {"left", "joined"}


def built(path: Path, rings: pl.DataFrame, as_of: date) -> duckdb.DuckDBPyConnection:
    """A file of the same marketplace on a day, its ring history not yet made."""
    con = duckdb.connect(str(path))
    orders = pl.DataFrame(
        {
            **{key: ["x", "y"] for key in ("order_id", "buyer_id", "merchant_id")},
            "created_at": [datetime(2026, 5, 1)] * 2,  # noqa: DTZ001 - UTC without a zone
            "day": [date(2026, 5, 1)] * 2,
        }
    )
    store(con, "staging.orders", orders)
    store(con, "facts.snapshots", pl.DataFrame({"as_of": [as_of]}))
    store(con, "rings.members", rings)
    return con


def test_history_comes_along_for_its_days(tmp_path: Path) -> None:
    """Three builds a week apart: what the second said is in the third, not beyond its days."""
    weeks = [TODAY + timedelta(days=7 * n) for n in range(3)]
    rings = [members(r1="abc"), members(r1="abcd"), members(r1="abcde")]
    paths = [tmp_path / f"{n}.duckdb" for n in range(3)]
    for n, (path, week) in enumerate(zip(paths, weeks, strict=True)):
        with built(path, rings[n], week) as con:
            write(con, lambda _table, _rows: None, paths[n - 1] if n else path, 30)
            rows = con.sql("from rings.history").pl()
            assert rows.schema.names() == list(HISTORY)
    assert rows.select("as_of", "entity_id", "change").rows() == [
        (weeks[1], "d", "joined"),
        (weeks[2], "e", "joined"),
    ]
    with built(tmp_path / "late.duckdb", rings[2], weeks[2] + timedelta(days=60)) as con:
        write(con, lambda _table, _rows: None, paths[2], 30)
        assert con.sql("from rings.history").pl().is_empty()
