"""Sequences that a team's own model found: delivered as a file, checked, and read by the page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

import queries
from pipeline.inputs import ingest
from pipeline.inputs.raw_check import check
from tests import raw_folder

if TYPE_CHECKING:
    from pathlib import Path

CORE = ("merchants", "products", "buyers", "orders")
EARLIER, START = (raw_folder.START + timedelta(days=days) for days in (1, 2))


def sequence(buyer: str, **more: Any) -> dict[str, Any]:
    """One legal row."""
    row = {"entity_type": "buyer", "entity_id": buyer, "t0": START, "t1": START}
    return {**row, "score": 0.9, "salient_events": "aut_1, ord_2", **more}


def delivered(folder: Path, *rows: dict[str, Any]) -> Path:
    """A delivery of the core with these sequences, as CSV."""
    tables = {name: frame for name, frame in raw_folder.frames().items() if name in CORE}
    raw_folder.write(folder, tables)
    pl.DataFrame(list(rows)).write_csv(
        folder / "sequence_score.csv", datetime_format="%Y-%m-%d %H:%M:%S"
    )
    return folder


def buyer() -> str:
    """One of the buyers of the delivery."""
    return str(raw_folder.frames()["buyers"]["buyer_id"][0])


def faults(folder: Path) -> list[str]:
    """What is said of the file of sequences."""
    with duckdb.connect() as con:
        return [str(one) for one in check(con, folder) if "sequence_score" in one.file]


def test_a_legal_file_has_no_fault(tmp_path: Path) -> None:
    """With ids of events or without."""
    rows = (sequence(buyer()), sequence(buyer(), t0=EARLIER, salient_events=None))
    assert faults(delivered(tmp_path, *rows)) == []


def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    """A score above 1, an end before the start, nobody's, and one start twice."""
    (above,) = faults(delivered(tmp_path / "above", sequence(buyer(), score=1.5)))
    assert "score" in above
    assert "1" in above
    early = sequence(buyer(), t1=EARLIER)
    (before,) = faults(delivered(tmp_path / "before", early))
    assert "t1" in before
    (nobody,) = faults(delivered(tmp_path / "nobody", sequence("buy_nobody")))
    assert "entity_id" in nobody
    assert faults(delivered(tmp_path / "twice", sequence(buyer()), sequence(buyer(), score=0.1)))


def test_the_page_reads_the_surest(tmp_path: Path) -> None:
    """Of two sequences of one subject the one scored higher, with its ids as they were told."""
    rows = (
        sequence(buyer(), score=0.4, salient_events=None),
        sequence(buyer(), t0=EARLIER, score=0.8),
    )
    folder = delivered(tmp_path, *rows)
    with duckdb.connect() as con:
        con.execute("create schema staging")
        ingest.write(con, folder, None, lambda *_: None)
        found = queries.run(
            con, "pages/investigate/handed_sequence", entity_type="buyer", entity_id=buyer()
        )
    [row] = found.rows(named=True)
    assert (row["score"], row["t0"], row["sequences"]) == (0.8, EARLIER, 2)
    assert row["salient_events"] == "aut_1, ord_2"
