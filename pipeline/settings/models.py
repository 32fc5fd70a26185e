"""How models learn and are judged, how typologies are told apart, who is an anomaly.

Apart from `pipeline.settings.build` only for its length; `Settings` composes these too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSettings:
    """One boosted model per entity type: small trees, strong shrinkage, one seed."""

    seed: int = 20240
    """Any fixed number: same input, same bytes."""
    threads: int = 1
    """For training: so few rows that more threads would mostly wait for each other.
    How large a model may be: docs/decisions/0009-small-trees.md."""
    trees: int = 80
    """Fixed, not early stopped: with tens of positives a stopping rule is noise."""
    learning_rate: float = 0.11
    """Slow enough that no single tree decides a score."""
    max_depth: int = 4
    """Up to four facts together: what an analyst can still follow."""
    leaves: int = 6
    """Fewer than depth allows, so that trees stay lopsided where the evidence is."""
    min_leaf_rows: int = 12
    """A leaf needs more than one entity's few snapshots."""
    min_leaf_hessian: float = 0.5
    """Rows weigh 1/snapshots of their entity, so this asks for at least two entities
    of doubtful outcome in a leaf."""
    lambda_l2: float = 5.0
    """Shrinks leaves that rest on few entities."""
    feature_fraction: float = 0.5
    """Each tree sees part of the features, so that near-copies share the credit."""
    extra_trees: int = 80
    """As many trees again that cut at random points; the score is the mean of both.
    docs/decisions/0037-average-of-two-boosters.md"""
    extra_leaves: int = 8
    """Their leaves: a cut at random says less, so a tree needs more of them."""
    max_bin: int = 63
    """Coarse bins: faster, and no split hangs on one order more or less."""
    folds: int = 5
    """Ring-grouped folds of the cross-fitted predictions."""
    ring_share: float = 0.1
    """Share of the judged entities that hang together at most: half a fold.
    docs/decisions/0032-folds-of-rings.md"""
    rows_at_most: int = 24_000
    """Training rows of a type: beyond that the older snapshots of everybody go.
    docs/decisions/0007-snapshots-that-teach.md"""
    unlabelled_weight: float = 2.0
    """Weight of all unlabelled rows together, in labelled entities.
    docs/decisions/0005-unlabelled-entities.md"""
    unlabelled_share: float = 2.0
    """Unlabelled rows per labelled entity."""
    unlabelled_most: int = 5_000
    """At most so many: their weight together is fixed."""
    unlabelled_least: int = 2_000
    """At least so many where there are: a small type can afford everybody."""
    monotone_formats: tuple[str, ...] = (
        *("count", "percent", "per_100", "points", "change", "times"),
    )
    """Plain counts and shares; money, ages and ratios cut both ways."""
    monotone_families: tuple[str, ...] = (
        *("neighbours", "refunds", "vouchers", "content"),
        *("fulfilment", "signals"),
    )
    """Where more of a risky thing is never better. Not orders and money, which grow with
    honest size, nor identity, where a family shares and a ring rotates.
    docs/decisions/0010-monotone-risk-counts.md"""
    later_share: float = 0.4
    """Share of the bad verdicts, the last ones, that judge an earlier model.
    docs/decisions/0031-the-earlier-model.md"""
    later_bad: int = 12
    """Fewer later bad verdicts judge nothing; then all are judged out of fold."""
    later_good: int = 30
    """The same of the good ones."""
    replicas: int = 9
    """Models of the same recipe on resampled verdicts: how far a bar hangs on who was judged.
    From the least to the most of ten models holds the next one in eight cases of ten.
    docs/decisions/0036-whiskers-of-the-labels.md"""
    rows_at_once: int = 200_000
    """Rows scored in one go: a fifth of a gigabyte, however many entities there are."""


@dataclass(frozen=True)
class EvaluationSettings:
    """Which figures stand in `scores.evaluation` and how their intervals are made."""

    capacities: tuple[int, ...] = (18, 36, 100)
    """One and two analyst-days of twenty-minute alerts in six productive hours, and a team's."""
    tops: tuple[float, ...] = (0.01, 0.05)
    """Shares of the list in which a score has to be right: they carry the decisions."""
    interval: float = 0.90
    """How often an interval is meant to hold the truth."""
    widest: float = 0.5
    """An interval wider than that says nothing, and the card says so instead of a figure."""
    resamples: int = 400
    """Enough for the ends of a 90 % interval to two decimals."""
    seed: int = 20240
    """Same verdicts, same interval."""
    selection: float = -0.3
    """Expected beforehand: by how much the log odds of being met among the unjudged rise for each
    standard deviation that a bad one stands further down. Below zero, since the models that place
    the judged have learnt less than the one in use. docs/decisions/0065-how-many-are-bad.md"""
    selection_spread: float = 0.4
    """How far off that may be."""
    reviewed_top: float = 0.01
    """Share of the list, from the top, in which whoever was looked at is bad about as often as
    whoever was not. docs/decisions/0090-reviews-of-the-first-places.md"""
    suspicion_spread: float = 1.0
    """Standard deviation, in log odds, of how far off that may be: a factor of three."""
    imagined_good: float = 9.0
    """Beta prior of the share of bad ones in the card's intervals, good part, beside one imagined
    bad one: the heaviest that holds shares up to a sixth where fifteen were checked.
    docs/decisions/0106-checks-speak-of-their-day.md"""
    moved_spread: float = 0.7
    """How far that share may have moved since the lot looked, as the standard deviation of its
    logarithm: a factor of two."""
    followed_days: int = 28
    """Days that each week's scores have for their verdicts: as long as an alert waits at most.
    docs/decisions/0130-late-labels-and-a-challenger.md"""
    followed_top: float = 0.05
    """First places of the list whose verdicts are followed: fewer are hardly ever reviewed."""
    least_arrivals: int = 20
    """Labels that must be able to show an age, or the curve of arrivals ends before it."""


@dataclass(frozen=True)
class ChallengerSettings:
    """A second model in the shadow: docs/decisions/0130-late-labels-and-a-challenger.md."""

    is_scored: bool = True
    """Whether there is one; alerts are the same without."""
    trees: int = 160
    """Trees of one fact each, and as many that cut at random points: each says less than one of
    four facts, so there are twice as many."""
    kept: int = 1_000
    """First places of either model in `scores.shadow_scores`: nobody reads further."""
    promoted: tuple[str, ...] = ()
    """Entity types whose trees of one fact each are in use: two people agreed, in the casebook."""


@dataclass(frozen=True)
class HeadSettings:
    """When a typology gets a model of its own: docs/decisions/0011-typology-heads.md."""

    least: int = 12
    """Matured bad entities of that typology: fewer cannot be split and judged."""
    trees: int = 20
    """It only has to tell one kind of wrong from the others and from nothing."""
    learning_rate: float = 0.2
    """So that so few trees arrive somewhere."""
    good: int = 1_000
    """Good entities that teach: there are many heads, and each costs."""
    unlabelled: int = 1_000
    """Unlabelled rows beside them."""
    folds: int = 2
    """Ring-grouped halves for its held-out predictions: there are a dozen heads."""
    prior: float = 0.10
    """Share at which every head speaks when typologies are compared: rare ones are no less
    likely once somebody is known to be up to something."""
    shown: float = 0.10
    """Probability from which an entity without a fired signal still gets a row: where
    the medium band begins."""


@dataclass(frozen=True)
class AnomalySettings:
    """Who enters the short list of anomalies: docs/decisions/0012-unproven-lane.md."""

    capacity: int = 30
    """Per entity type: what a team can look at beside its queue, some 5 % of its slots."""
    families_left_out: tuple[str, ...] = ("neighbours", "signals")
    """Families that say what others are like, which shared customers look at themselves, and what
    a pack has a name for: unproven is what has none."""
    kept: int = 1_000
    """Rows per entity type in `scores.anomalies`: nobody reads further."""
    candidates: int = 6_000
    """Entities per type whom the forest looks at: those that deviate most ..."""
    least_customer_anomaly: float = 0.15
    """... and those whose seller's customers are at least this odd."""
    trees: int = 50
    """Isolation trees."""
    sample: int = 256
    """Entities per isolation tree (Liu et al. 2008)."""
    fit_rows: int = 20_000
    """Entities that medians and trees are drawn from, of everybody; scored are candidates."""
    seed: int = 20240
    """Same snapshot, same list."""
    window_days: int = 90
    """Trade that makes a customer: the longest feature window."""
    odd_z: float = 2.0
    """Robust z from which a value is odd enough to be a reason."""
    most_z: float = 10.0
    """Where z is cut: further out is not more unusual."""
    prior_customers: float = 4.0
    """Imagined ordinary customers added to each seller: two odd buyers are no pattern."""
    certain_z: float = 3.0
    """Mean z of a seller's customers that counts as certain."""
    per_seller: int = 3
    """Surfaced customers of one seller: an analyst needs a few to see the rest."""
    per_customer_feature: int = 6
    """Surfaced sellers whose customers are odd in the same feature: two operations of three."""
    per_reason: int = 3
    """Surfaced others with the same first reason: not forty of the same harmless oddity."""
