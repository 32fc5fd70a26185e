"""Signals hold beyond the seed they were set on, and claim no more than was counted there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from benchmarks.signals import LEAST, Count, counted, unsteady
from queries.packs import packs

if TYPE_CHECKING:
    import duckdb

SIGNALS = {signal.code: signal for pack in packs().values() for signal in pack.signals}
ENOUGH = 10
"""Fewer fires say nothing about a share."""
MARGIN = 0.1
"""What chance may take from a share of so few."""
STORIES = {
    ("T11_PROHIBITED_GOODS", ("merchant",)): 0.5,
    ("T8_ACCOUNT_TAKEOVER", ("creator", "merchant")): 0.5,
    ("T14_SCAM_LIVE", ("buyer",)): 0.5,
    ("T6_REVIEW_MANIPULATION", ("buyer",)): 0.4,
}
"""Share of those of a story observed that strong signals find; of the first two none were."""


def test_no_signal_is_mostly_wrong_on_another_seed(
    con: duckdb.DuckDBPyConnection, truth: pl.DataFrame
) -> None:
    """On a small marketplace each signal that fires often is as right as its severity says."""
    wrong = {
        code: f"{count.bad} of {count.fires}"
        for code, count in counted(con, truth).items()
        if count.fires >= ENOUGH and (count.precision or 0.0) < SIGNALS[code].severity - MARGIN
    }
    assert wrong == {}


@pytest.mark.parametrize("code", SIGNALS)
def test_a_severity_claims_no_more_than_unseen_seeds_show(code: str) -> None:
    """Severity is what a signal is worth by itself, where nothing was chosen for it."""
    signal = SIGNALS[code]
    assert signal.unseen_fires is not None, "count it: python -m benchmarks signals"
    assert signal.unseen_bad is not None
    if signal.unseen_fires >= LEAST:
        assert signal.severity <= signal.unseen_bad / signal.unseen_fires + MARGIN


@pytest.mark.parametrize(("typology", "entity_types"), STORIES)
def test_strong_signals_find_the_story(
    con: duckdb.DuckDBPyConnection,
    truth: pl.DataFrame,
    typology: str,
    entity_types: tuple[str, ...],
) -> None:
    """Of those observed at the latest snapshot, who has signals that open an alert."""
    key = ["entity_type", "entity_id"]
    planted = truth.filter(
        ~pl.col("is_hard_negative")
        & (pl.col("role") != "victim")
        & (pl.col("typology") == typology)
        & pl.col("entity_type").is_in(entity_types)
    ).unique(key)
    observed = con.sql("from population.observations where as_of = (select as_of from meta.build)")
    there = planted.join(observed.pl(), on=key, how="semi")
    strengths = con.sql("from scores.typologies where strength >= 0.8").pl()
    strong = strengths.filter(pl.col("typology") == typology)
    found = there.join(strong, on=key, how="semi")
    assert there.height >= 3
    assert found.height >= STORIES[typology, entity_types] * there.height


def test_a_signal_that_loses_on_unseen_seeds_is_named() -> None:
    """Only where both groups are large enough to say so."""
    tuned = {"A": Count(100, 90), "B": Count(100, 90), "C": Count(5, 5)}
    unseen = {"A": Count(50, 35), "B": Count(50, 40), "C": Count(5, 0)}
    assert unsteady(tuned, unseen) == {"A": pytest.approx(0.2)}


def test_counts_add_up() -> None:
    """Two marketplaces are one larger one."""
    both = Count(4, 3, 2, 10) + Count(6, 1, 1, 5)
    assert (both.precision, both.recall) == (0.4, 0.2)
    assert (Count().precision, Count().recall) == (None, None)
