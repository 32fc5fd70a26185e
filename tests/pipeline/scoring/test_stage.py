"""The same tables give the same scores, and nothing that came later moves one."""

from __future__ import annotations

import duckdb
import pytest

from pipeline.errors import StageError
from pipeline.scoring import stage as scores
from tests.pipeline import tiny
from tests.pipeline.scoring.scored import BURST, MANY, SETTINGS, fired, table


def test_same_input_same_scores(con: duckdb.DuckDBPyConnection) -> None:
    """A second build of the same tables gives the same bytes."""
    again = fired()
    scores.write(again, SETTINGS, tiny.unheard, packs_in_use=[BURST, MANY])
    judged = ("models", "model_files", "replicas", "pr_curve", "calibration", "evaluation")
    for name in (*judged, "scores", "heads", "typologies", "anomalies"):
        assert table(again, name).equals(table(con, name)), name


def test_a_future_label_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """What becomes known after the build cannot move a score of it."""
    again = tiny.build()
    future = "timestamp '2026-05-01 00:00:00'"
    again.execute(
        "insert into staging.labels select * replace (label_id || 'x' as label_id, "
        f"'bad' as label, {future} as known_at) from staging.labels where label = 'good'"
    )
    scores.write(again, SETTINGS, tiny.unheard, packs_in_use=[])
    assert table(again, "scores").equals(table(con, "scores"))


def test_a_missing_table_is_a_sentence() -> None:
    """A stage run too early says what to run."""
    with pytest.raises(StageError, match="ringfence build"):
        scores.write(duckdb.connect(), SETTINGS, tiny.unheard)
