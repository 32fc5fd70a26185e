"""How models are judged, how typologies are told apart, how the unproven are picked.

Apart from `pipeline.settings` only for its length; `Settings` composes these too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EvaluationSettings:
    """Which figures stand in `scores.evaluation` and how their intervals are made."""

    capacities: tuple[int, ...] = (18, 36, 100)
    """One and two analyst-days of twenty-minute alerts in six productive hours, and a team's."""
    resamples: int = 200
    """Enough for the ends of a 95 % interval to two decimals."""
    seed: int = 20240
    """Same verdicts, same interval."""
    bins: int = 10
    """As in the reliability curve."""
    least_of_typology: int = 5
    """Fewer cases of a typology give no recall worth printing."""


@dataclass(frozen=True)
class HeadSettings:
    """When a typology gets a model of its own."""

    least: int = 12
    """Matured bad entities of that typology: fewer cannot be split and judged."""
    trees: int = 25
    """It only has to tell one kind of wrong from the others and from nothing."""
    learning_rate: float = 0.2
    """So that so few trees arrive somewhere."""
    good: int = 1_000
    """Good entities that teach: there are many heads, and each costs."""
    unlabelled: int = 1_000
    """Unlabelled rows beside them."""
    folds: int = 3
    """Entity-grouped folds of its held-out predictions."""
    shown: float = 0.10
    """Probability from which an entity without a fired signal still gets a row: where
    the medium band begins."""


@dataclass(frozen=True)
class AnomalySettings:
    """Who enters the unproven lane."""

    capacity: int = 30
    """Per entity type: what a team can look at beside its queue, some 5 % of its slots."""
    kept: int = 1_000
    """Rows per entity type in `scores.anomalies`: nobody reads further."""
    asked: int = 6_000
    """Entities per type whom the forest looks at: those that deviate most ..."""
    company_asked: float = 0.15
    """... and those in company at least this odd."""
    trees: int = 50
    """Isolation trees: Liu et al. 2008 use 100; half gives the same lane for half the time."""
    sample: int = 256
    """Entities per isolation tree, from the same paper."""
    fit_rows: int = 20_000
    """Entities the trees are drawn from; everybody is scored."""
    seed: int = 20240
    """Same snapshot, same lane."""
    window_days: int = 90
    """Trade that makes a company: the longest feature window."""
    loud: float = 2.0
    """Robust z from which a value is odd enough to be a reason."""
    most: float = 10.0
    """Where z is cut: further out is not more unusual."""
    company_least: float = 4.0
    """Imagined ordinary members added to each company, so that two odd buyers of a tiny shop
    are no pattern."""
    company_most: float = 3.0
    """Mean z of a company that counts as certain."""
    per_company: int = 3
    """Surfaced members of one company: an analyst needs a few to see the rest."""
    per_oddity: int = 3
    """Surfaced entities without company that share the first reason: not forty of the same
    harmless oddity."""
