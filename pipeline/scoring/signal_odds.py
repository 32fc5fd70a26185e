"""By how much a pack's signals raise the odds of a score, learnt from verdicts.

A subject has one probability: the odds of its score, times the odds of its signals' strength,
times a factor that verdicts correct. The score is held fixed, so that whoever was looked at
for a high one lends nothing to an unreviewed subject with a low one: the factor speaks of
comparable subjects, not of the looked-at. docs/decisions/0055-one-probability.md

Signals weaker than `agreement_threshold` change no number: one mild oddity is no witness.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.scoring.signal_history import judged_signals
from pipeline.tree_model.calibration import posterior, sigmoid
from queries.signal_columns import speaks_against
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    import duckdb
    from numpy.typing import NDArray

    from pipeline.settings.build import Settings
    from queries.packs import Pack

    FloatArray: TypeAlias = NDArray[np.float64]

_OUTCOMES = {
    **dict.fromkeys(("entity_type", "typology"), pl.String),
    **dict.fromkeys(("labelled", "confirmed"), pl.Int64),
    **dict.fromkeys(("base_rate", "log_odds"), pl.Float64),
}
"""Columns of `scores.signal_outcomes`."""
_LEAST, _STEPS, _END = 1e-6, 60, 1e-6


@dataclass(frozen=True)
class _Judged:
    """Everybody with signals who was judged, one row each."""

    rows: pl.DataFrame
    """entity_type, typology, strength, is_bad, score (null = no model), owed: log odds that the
    score owes to its signals."""
    rates: Mapping[str, float]
    """Share of bad of each entity type."""
    most: float
    """Strength beyond which more signals say the same again."""

    @property
    def expected(self) -> FloatArray:
        """(n,) log odds of being bad, were signals as good as their strength says."""
        rate = self.rows["entity_type"].replace_strict(self.rates, return_dtype=pl.Float64)
        score = self.rows["score"].fill_null(rate)
        strength = self.rows["strength"].clip(upper_bound=self.most)
        own = _logit(score) - self.rows["owed"].to_numpy()
        return np.asarray(own + _logit(strength) - _logit(rate), dtype=np.float64)


@dataclass(frozen=True)
class Today:
    """Whom the corrections are for: the latest snapshot."""

    strengths: pl.DataFrame
    """Rows of `scores.typologies`."""
    unscored: Mapping[str, int]
    """Entity types without a model, with their entities."""
    overlap: Mapping[str, float] = field(default_factory=dict)
    """Log odds that the score of each type owes to its signals (`signal_overlap`)."""


@dataclass(frozen=True)
class Evidence:
    """What the corrections are learnt from."""

    packs: Sequence[Pack]
    labels: pl.DataFrame
    """The matured ones."""
    scores: pl.DataFrame
    """entity_type, entity_id and calibrated score of every judged entity, by a model that did
    not know its verdict."""
    rates: Mapping[str, float]
    """Share of bad of each entity type."""
    today: Today


def signal_outcomes(
    con: duckdb.DuckDBPyConnection, evidence: Evidence, settings: Settings
) -> pl.DataFrame:
    """Rows of `scores.signal_outcomes`: one per entity type and typology.

    `log_odds` is what the odds of score and strength are multiplied with, as a logarithm:
    nothing is known of a scheme nobody was judged for but what is known of all others. What the
    score already owes to signals is in it, so that they count once.
    `labelled` and `confirmed` count verdicts on subjects with such signals.
    """
    packs, labels, today = evidence.packs, evidence.labels, evidence.today
    least = settings.alerts.agreement_threshold
    parts = [judged_signals(con, name, labels) for name in ENTITY_TYPES]
    rows = pl.concat(parts).filter(pl.col("strength") >= least)
    rows = rows.join(evidence.scores, on=["entity_type", "entity_id"], how="left")
    rows = rows.sort("entity_type", "entity_id", "typology", "strength")  # sums of floats below
    owed = _owed(rows, packs, today.overlap)
    rows = rows.with_columns(owed=pl.when(pl.col("score").is_not_null()).then(owed).otherwise(0.0))
    rates = evidence.rates
    kinds = [(name, pack.code) for pack in packs for name in pack.entity_types]
    learnt = _corrections(_Judged(rows, rates, settings.alerts.most_strength), kinds, settings)
    schema = dict.fromkeys(("entity_type", "typology"), pl.String)
    frame = pl.DataFrame(kinds, schema=schema, orient="row").with_columns(
        pl.Series("correction", learnt),
        base_rate=pl.col("entity_type").replace_strict(rates, return_dtype=pl.Float64),
    )
    witnesses = today.strengths.filter(
        pl.col("is_primary") & (pl.col("strength") >= least)
    ).with_columns(pl.col("strength").clip(upper_bound=settings.alerts.most_strength))
    frame = frame.with_columns(
        correction=pl.col("correction") - _surplus(frame, witnesses, today.unscored)
    )
    verdicts = rows.group_by("entity_type", "typology").agg(
        labelled=pl.len(), confirmed=pl.col("is_bad").sum()
    )
    both = frame.join(verdicts, on=["entity_type", "typology"], how="left", maintain_order="left")
    counts = pl.col("labelled", "confirmed").fill_null(0)
    of_rate = (pl.col("base_rate") / (1.0 - pl.col("base_rate"))).log()
    owed = _owed(both, packs, today.overlap)
    both = both.with_columns(counts, log_odds=pl.col("correction") - of_rate - owed)
    return both.select(pl.col(name).cast(kind) for name, kind in _OUTCOMES.items())


def _surplus(
    frame: pl.DataFrame, witnesses: pl.DataFrame, unscored: Mapping[str, int]
) -> pl.Series:
    """Log odds by which each row of `frame` claims too much.

    Where no score holds signals back, those of today would together convict more than are bad:
    the probabilities of a type must not add up to more than its base rate allows.
    """
    own = witnesses.join(frame, on=["entity_type", "typology"], maintain_order="left")
    surplus = {
        name: _shift(
            _logit(rows["strength"]) + rows["correction"].to_numpy(),
            entities * float(rows["base_rate"][0]),
        )
        for name, entities in unscored.items()
        if (rows := own.filter(pl.col("entity_type") == name)).height
    }
    return _of_type(frame, surplus)


def _owed(frame: pl.DataFrame, packs: Iterable[Pack], overlap: Mapping[str, float]) -> pl.Series:
    """Log odds that the score of each row owes to signals of its typology.

    None where these are of a victim: the model is not told of them.
    """
    counted = [pack.code for pack in packs if speaks_against(pack)]
    return _of_type(frame, overlap) * frame["typology"].is_in(counted)


def _of_type(frame: pl.DataFrame, values: Mapping[str, float]) -> pl.Series:
    """The value of the entity type of each row; 0 where there is none."""
    return frame["entity_type"].replace_strict(values, default=0.0, return_dtype=pl.Float64)


def _shift(claims: FloatArray, most: float) -> float:
    """What to take from log odds so that their probabilities sum to `most`; 0 when they do."""
    low, high = 0.0, 30.0
    if float(sigmoid(claims).sum()) <= most:
        return 0.0
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        above = float(sigmoid(claims - middle).sum()) > most
        low, high = (middle, high) if above else (low, middle)
    return high


def _corrections(
    judged: _Judged,
    kinds: Sequence[tuple[str, str]],
    settings: Settings,
) -> FloatArray:
    """Log odds added to `_Judged.expected`, for each kind (entity type, typology).

    That of everybody, plus what its entity type and its own cases say, each drawn towards zero
    (partial pooling: normal priors, posterior mode). A verdict errs as `errors` say; how
    likely each is true follows from the probability itself (expectation-maximisation).
    """
    rows, types = judged.rows, sorted({name for name, _ in kinds})
    design = np.column_stack(
        [
            np.ones(rows.height),
            *(rows["entity_type"] == name for name in types),
            *((rows["entity_type"] == name) & (rows["typology"] == code) for name, code in kinds),
        ]
    ).astype(np.float64)
    prior, errors = settings.alerts, settings.labels.errors
    spread = np.array([prior.signal_spread] + [prior.kind_spread] * (design.shape[1] - 1))
    is_bad, expected = rows["is_bad"].to_numpy().astype(np.float64), judged.expected
    bad = np.where(is_bad > 0, errors.sensitivity, 1.0 - errors.sensitivity)
    good = np.where(is_bad > 0, 1.0 - errors.specificity, errors.specificity)
    weights, target = np.zeros(design.shape[1]), is_bad
    for _ in range(_STEPS):
        before = weights
        weights = _drawn_regression(design, expected, target, spread, before)
        target = posterior(sigmoid(expected + design @ weights), bad, good)
        if float(np.abs(weights - before).max()) < _END:
            break
    of_type = weights[1 : 1 + len(types)]
    of_kind = weights[1 + len(types) :]
    return np.array(
        [
            weights[0] + of_type[types.index(name)] + own
            for (name, _), own in zip(kinds, of_kind, strict=True)
        ]
    )


def _drawn_regression(
    design: FloatArray,
    offset: FloatArray,
    target: FloatArray,
    spread: FloatArray,
    start: FloatArray,
) -> FloatArray:
    """Logistic regression on top of `offset`, its weights drawn to zero: Newton's method."""
    precision, weights = np.diag(1.0 / spread**2), start
    for _ in range(_STEPS):
        chance = sigmoid(offset + design @ weights)
        slope = design.T @ (target - chance) - precision @ weights
        curvature = design.T @ (design * (chance * (1.0 - chance))[:, None]) + precision
        step = np.asarray(np.linalg.solve(curvature, slope), dtype=np.float64).clip(-2.0, 2.0)
        weights = weights + step
        if float(np.abs(step).max()) < _END:
            break
    return weights


def _logit(probability: pl.Series) -> FloatArray:
    share = probability.to_numpy().clip(_LEAST, 1.0 - _LEAST)
    return np.asarray(np.log(share / (1.0 - share)), dtype=np.float64)
