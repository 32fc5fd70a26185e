"""What a build says of itself: what it learnt, and what is different from the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from dashboard.cli.changes import Snapshot, sentences

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.build import Report

ALERT = {"entity_key": pl.String, "queue_place": pl.Int64, "reopened_by": pl.String}
TAUGHT = {"entity_key": pl.String, "label": pl.String}


def alerts(*rows: tuple[str, int, str | None]) -> pl.DataFrame:
    """Alerts from (subject, place, what reopened it)."""
    return pl.DataFrame(rows, schema=ALERT, orient="row")


def bands(**of: str) -> pl.DataFrame:
    """The band of each subject."""
    return pl.DataFrame({"entity_key": list(of), "score_band": list(of.values())})


BEFORE = Snapshot(
    date(2026, 9, 29), 1_000, 50, 0, pl.DataFrame(schema=TAUGHT),
    alerts(("a", 1, None), ("b", 2, None), ("c", 30, None)),
    bands(a="HIGH", b="MED", c="LOW"),
)  # fmt: skip
WEEK = Snapshot(
    date(2026, 10, 6), 1_070, 51, 3,
    pl.DataFrame([("x", "bad"), ("y", "good")], schema=TAUGHT, orient="row"),
    alerts(("b", 1, None), ("c", 4, None), ("d", 2, "typology"), ("e", 3, None)),
    bands(a="LOW", b="MED", c="HIGH", d="HIGH"),
)  # fmt: skip


def test_a_week_later_every_change_is_counted() -> None:
    """Verdicts that taught and that wait; what came in; who left, came, came back, moved."""
    assert list(sentences(BEFORE, WEEK)) == [
        (
            "Casebook: 3 verdicts, 2 taught the models (1 bad, 1 good), "
            "1 to teach at a later training."
        ),
        "From 2026-09-29 to 2026-10-06: 70 orders and 1 label came in.",
        (
            "Alerts: 1 closed, 2 opened, 1 of them about somebody who was judged before; "
            "1 of 2 others moved by more than 10 places."
        ),
        "Scores: 2 of 3 subjects changed their band.",
    ]


def test_the_first_build_has_nothing_to_compare() -> None:
    """Without verdicts it says nothing at all, with them what it learnt."""
    assert list(sentences(None, BEFORE)) == []
    assert len(list(sentences(None, WEEK))) == 1


def test_a_build_of_the_same_day_says_nothing_of_days() -> None:
    """Only verdicts are new."""
    same = replace(WEEK, as_of=BEFORE.as_of)
    assert not any("came in" in line for line in sentences(BEFORE, same))


def test_no_database_or_a_strange_one_is_no_snapshot(tmp_path: Path) -> None:
    """A first build, and one that replaces what it cannot read."""
    assert Snapshot.of(tmp_path / "none.duckdb") is None
    (tmp_path / "strange.duckdb").write_text("not a database")
    assert Snapshot.of(tmp_path / "strange.duckdb") is None


@pytest.mark.slow  # reads a build
def test_a_finished_build_is_read_as_it_is(built: Report) -> None:
    """Its day and its alerts; nobody has decided anything."""
    snapshot = Snapshot.of(built.database)
    assert snapshot is not None
    assert snapshot.as_of == built.as_of
    assert snapshot.alerts.height
    assert (snapshot.verdicts, snapshot.taught.height) == (0, 0)
