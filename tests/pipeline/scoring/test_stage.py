"""Laws of the scores stage: everybody once, within 0..1, honest where little is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from pipeline.errors import PackError, StageError
from pipeline.scoring import stage as scores
from pipeline.scoring.signals import fired_signals
from pipeline.settings.build import BandSettings, Settings
from pipeline.settings.models import ModelSettings
from queries.packs import Pack, Signal, packs
from tests.pipeline import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = Settings(model=ModelSettings(trees=30))


def pack(code: str, *signals: tuple[str, float]) -> Pack:
    """A pack of merchant signals (predicate, severity)."""
    made = tuple(
        Signal(
            code=f"{code}.S{n}",
            entity_type="merchant",
            predicate=predicate,
            severity=severity,
            text="words",
            reason=f"{code}.R",
        )
        for n, (predicate, severity) in enumerate(signals)
    )
    return next(iter(packs().values())).model_copy(update={"code": code, "signals": made})


BURST = pack("T1_BRUSHING", ("burst_7d > 1", 0.5), ("shared_device_rate_30d > 0.2", 0.6))
MANY = pack("T9_REFUND_ABUSE", ("order_count_30d >= 0", 0.1))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Scored with two packs."""
    made = tiny.build()
    scores.write(made, SETTINGS, tiny.unheard, packs_in_use=[BURST, MANY])
    yield made
    made.close()


def table(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """Rows of `scores.<name>`."""
    found: pl.DataFrame = con.sql(f"select * from scores.{name}").pl()
    return found


def test_rows_in_are_rows_out(con: duckdb.DuckDBPyConnection) -> None:
    """Every snapshot row of a type with a model is scored exactly once."""
    for kind in ("merchant", "buyer"):
        rows = con.sql(f"select {kind}_id as entity_id, as_of from features.{kind}").pl()
        scored = table(con, "scores").filter(pl.col("entity_type") == kind)
        assert scored.select("entity_id", "as_of").sort(pl.all()).equals(rows.sort(pl.all()))


def test_scores_are_probabilities_with_their_band(con: duckdb.DuckDBPyConnection) -> None:
    """Scores lie in 0..1 and rise with the margin; the band follows the score."""
    scored = table(con, "scores").sort("entity_type", "margin")
    assert scored["score"].is_between(0, 1).all()
    assert scored["raw_score"].is_between(0, 1).all()
    rises = scored.group_by("entity_type").agg(pl.col("score").diff().min())
    assert (rises["score"] >= 0).all()
    bands = BandSettings()
    critical, low = ((pl.col("score_band") == word) for word in ("CRIT", "LOW"))
    assert scored.select((critical == (pl.col("score") >= bands.critical)).all()).item()
    assert scored.select((low == (pl.col("score") < bands.medium)).all()).item()


def test_same_input_same_scores(con: duckdb.DuckDBPyConnection) -> None:
    """A second build of the same tables gives the same bytes."""
    again = tiny.build()
    scores.write(again, SETTINGS, tiny.unheard, packs_in_use=[BURST, MANY])
    judged = ("models", "model_files", "replicas", "pr_curve", "calibration", "evaluation")
    for name in (*judged, "scores", "heads", "typologies", "anomalies"):
        assert table(again, name).equals(table(con, name)), name


def test_a_type_with_few_labels_has_no_scores_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    """No model is invented: the card holds counts and no quality."""
    card = table(con, "models").filter(pl.col("entity_type") == "creator").row(0, named=True)
    assert card["positives"] == tiny.LABELLED["creator"][0]
    assert card["model_version"] is None
    assert card["auprc"] is None
    assert table(con, "scores").filter(pl.col("entity_type") == "creator").is_empty()


def test_unknown_entities_are_counted_as_unknown(con: duckdb.DuckDBPyConnection) -> None:
    """Positives, negatives and unknown add up to the population."""
    for card in table(con, "models").iter_rows(named=True):
        known = card["positives"] + card["negatives"]
        assert known + card["unknown"] == tiny.SIZES[card["entity_type"]]


def test_planted_signal_is_found_and_calibrated(con: duckdb.DuckDBPyConnection) -> None:
    """Held-out quality beats the base rate clearly and scores mean what they say."""
    for kind in ("merchant", "buyer"):
        card = table(con, "models").filter(pl.col("entity_type") == kind).row(0, named=True)
        assert card["auprc"] > 4 * card["auprc_baseline"]
        assert card["ece"] < 0.05


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


def test_strength_is_a_noisy_or_of_fired_signals(con: duckdb.DuckDBPyConnection) -> None:
    """Two signals of 0.5 and 0.6 make 0.8; one entity has one primary typology."""
    both = table(con, "signals").filter(pl.col("typology") == "T1_BRUSHING")
    twice = both.group_by("entity_id").len().filter(pl.col("len") == 2)["entity_id"]
    assert len(twice) > 0
    strengths = table(con, "typologies")
    strong = strengths.filter(
        pl.col("entity_id").is_in(twice.implode()) & (pl.col("typology") == "T1_BRUSHING")
    )
    assert strong["strength"].round(12).unique().to_list() == [0.8]
    assert strong["is_primary"].all()
    primary = strengths.group_by("entity_type", "entity_id").agg(pl.col("is_primary").sum())
    assert primary["is_primary"].unique().to_list() == [1]


def test_a_broken_predicate_names_its_pack(con: duckdb.DuckDBPyConnection) -> None:
    """The refusal says which signal, what a predicate is and where to mend it."""
    broken = pack("T0_TOY", ("no_such_feature > 1", 0.5))
    with pytest.raises(PackError, match=r"T0_TOY\.S0.*no_such_feature.*delete the pack"):
        fired_signals(con, tiny.AS_OF, [broken])


def test_a_missing_table_is_a_sentence() -> None:
    """A stage run too early says what to run."""
    with pytest.raises(StageError, match="ringfence build"):
        scores.write(duckdb.connect(), SETTINGS, tiny.unheard)
