"""By how much signals raise the odds of a score: what verdicts say of comparable subjects."""

from __future__ import annotations

import math
from dataclasses import replace

import duckdb
import polars as pl
import pytest

from pipeline.scoring import signal_odds
from pipeline.scoring.signal_odds import Evidence, Today, signal_outcomes
from pipeline.settings.build import FLAWLESS, Settings
from queries.vocabulary import ENTITY_TYPES
from tests.pipeline.scoring.scored import BURST, MANY

SETTINGS = Settings()
SURE = replace(SETTINGS, labels=replace(SETTINGS.labels, errors=FLAWLESS))
"""Verdicts that are always right, so that shares are what they seem."""
NOBODY = pl.DataFrame(
    schema={"entity_type": pl.String, "entity_id": pl.String, "typology": pl.String}
    | {"strength": pl.Float64, "is_primary": pl.Boolean}
)
LABELS = pl.DataFrame(
    schema={"label_id": pl.String, "entity_type": pl.String, "entity_id": pl.String}
    | {"source": pl.String, "label": pl.String, "known_at": pl.Datetime("us")}
)


RATES = dict.fromkeys(ENTITY_TYPES, 0.05)
_JUDGED = dict.fromkeys(("entity_type", "entity_id", "typology"), pl.String) | {
    "strength": pl.Float64,
    "is_bad": pl.Boolean,
}


def learnt(
    monkeypatch: pytest.MonkeyPatch,
    judged: list[tuple[float, bool]],
    today: Today,
    settings: Settings = SURE,
) -> pl.DataFrame:
    """The outcomes after verdicts on (score, is bad) shops, each with strong brushing signals."""
    rows = pl.DataFrame(
        [("merchant", f"mer_{n}", BURST.code, 0.8, is_bad) for n, (_, is_bad) in enumerate(judged)],
        schema=_JUDGED,
        orient="row",
    )
    empty = rows.clear()
    monkeypatch.setattr(
        signal_odds,
        "judged_signals",
        lambda _, name, *__: rows if name == "merchant" else empty,
    )
    scores = rows.select("entity_type", "entity_id").with_columns(
        score=pl.Series([score for score, _ in judged], dtype=pl.Float64)
    )
    evidence = Evidence([BURST, MANY], LABELS, scores, RATES, today)
    with duckdb.connect() as con:
        return signal_outcomes(con, evidence, settings)


def chance(outcomes: pl.DataFrame, score: float, strength: float = 0.8) -> float:
    """Probability of a shop with such a score and brushing signals, as alerts.probabilities."""
    row = outcomes.filter(entity_type="merchant", typology=BURST.code).row(0, named=True)
    odds = score / (1.0 - score) * strength / (1.0 - strength) * math.exp(row["log_odds"])
    return odds / (1.0 + odds)


def test_the_looked_at_lend_nothing_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty convictions of high scores do not convict a subject whose score is low.

    The confirmed share of the looked-at is 20 of 30; among those with a low score it is one
    in ten, and that is what an unreviewed one with a low score gets.
    """
    judged = [(0.95, True)] * 19 + [(0.01, False)] * 9 + [(0.01, True)]
    outcomes = learnt(monkeypatch, judged, Today(NOBODY, {}))
    assert chance(outcomes, 0.01) == pytest.approx(0.1, abs=0.07)
    assert chance(outcomes, 0.95) > 0.95
    rows = outcomes.filter(entity_type="merchant", typology=BURST.code)
    assert rows.select("labelled", "confirmed").row(0) == (29, 20)


def test_a_new_scheme_borrows_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals that verdicts refute are worth less everywhere, of their own kind most."""
    silent = learnt(monkeypatch, [], Today(NOBODY, {}))
    refuted = learnt(monkeypatch, [(0.02, False)] * 30, Today(NOBODY, {}))
    both = silent.join(refuted, on=["entity_type", "typology"], suffix="_after")
    assert (both["log_odds_after"] < both["log_odds"]).all()
    fall = both.with_columns(fall=pl.col("log_odds") - pl.col("log_odds_after"))
    own = fall.filter(entity_type="merchant", typology=BURST.code)["fall"][0]
    assert own == fall["fall"].max()
    assert chance(refuted, 0.02) < 0.2 < chance(silent, 0.02)


def test_a_pack_nobody_has_judged_is_right_as_often_as_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Strength 0.8 is a probability of 0.8 for whoever is as likely bad as everybody."""
    outcomes = learnt(monkeypatch, [], Today(NOBODY, {}))
    rate = outcomes.filter(entity_type="merchant")["base_rate"][0]
    assert chance(outcomes, rate) == pytest.approx(0.8)


def test_what_a_score_owes_to_signals_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken back where no verdict speaks; the model's word alone convicts nobody twice.

    Verdicts that bear the sum out win: then it makes much less of a difference.
    """
    owed = Today(NOBODY, {}, {"merchant": 2.0})
    apart, both = (learnt(monkeypatch, [], one) for one in (Today(NOBODY, {}), owed))
    log_odds = apart.join(both, on=["entity_type", "typology"], suffix="_both")
    fall = log_odds.with_columns(fall=pl.col("log_odds") - pl.col("log_odds_both"))
    assert fall.filter(entity_type="merchant")["fall"].to_list() == pytest.approx([2.0, 2.0])
    victim = BURST.model_copy(update={"subject_is": "victim"})
    monkeypatch.setattr("tests.pipeline.scoring.test_signal_odds.BURST", victim)
    assert learnt(monkeypatch, [], owed)["log_odds"][0] == apart["log_odds"][0]
    monkeypatch.undo()
    judged = [(0.2, True)] * 30 + [(0.2, False)] * 10
    said = [chance(learnt(monkeypatch, judged, one), 0.2) for one in (Today(NOBODY, {}), owed)]
    assert said == pytest.approx([0.75, 0.75], abs=0.06)


@pytest.mark.parametrize(("fired", "entities"), [(40, 400), (2, 400)])
def test_no_more_are_bad_than_the_base_rate_allows(
    monkeypatch: pytest.MonkeyPatch, fired: int, entities: int
) -> None:
    """Where no score holds signals back, their probabilities add up to the base rate at most."""
    strengths = pl.DataFrame(
        [("creator", f"crt_{n}", BURST.code, 0.8, True) for n in range(fired)],
        schema=NOBODY.schema,
        orient="row",
    )
    packs_code = BURST.model_copy(update={"entity_types": ENTITY_TYPES})
    monkeypatch.setattr("tests.pipeline.scoring.test_signal_odds.BURST", packs_code)
    outcomes = learnt(monkeypatch, [], Today(strengths, {"creator": entities}))
    row = outcomes.filter(entity_type="creator", typology=BURST.code).row(0, named=True)
    odds = row["base_rate"] / (1.0 - row["base_rate"]) * 4.0 * math.exp(row["log_odds"])
    expected, most = fired * odds / (1.0 + odds), entities * row["base_rate"]
    assert expected == pytest.approx(min(most, 0.8 * fired), rel=1e-6)
