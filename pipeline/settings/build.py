"""How the pipeline behaves: every threshold is a named field with its reason.

One frozen dataclass per stage, composed in `Settings`, so that a stage receives
one value, a test changes one field with `dataclasses.replace`, and nobody has to
look for a bare number in the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pipeline.settings.inputs import InputSettings, PublishSettings
from pipeline.settings.models import (
    AnomalySettings,
    ChallengerSettings,
    EvaluationSettings,
    HeadSettings,
    ModelSettings,
)
from pipeline.settings.noticing import NoticingSettings
from pipeline.settings.rings import RingSettings

DATABASE = "ringfence.duckdb"
"""Name of the built file in its folder."""


@dataclass(frozen=True)
class SnapshotSettings:
    """On which days features are computed: docs/decisions/0025-who-is-observed.md."""

    anchor_day: date = date(2024, 1, 1)
    """A Monday: the weekly snapshots are Mondays, so each knows whole calendar weeks, and those
    of one build stand in the next. docs/decisions/0148-a-fixed-weekly-grid.md"""
    step_days: int = 7
    """A week between training snapshots: consecutive days repeat each other, and a
    whole week carries every weekday once."""
    seller_days: int = 7
    """Days of daily score history of merchants and creators: the week in which a case is
    decided; the trend before it is read from the weekly points."""
    other_days: int = 7
    """The same of products and buyers, who are many and short-lived: a week."""
    sampled_buyers: int = 6_000
    """Buyers observed every week: enough for drift and for what is usual among them."""
    sampled_products: int = 3_000
    """Listings observed every week: they are fewer, and differ less."""
    judged_before: int = 56
    """Days of the past of a judged buyer or listing that may teach.
    docs/decisions/0007-snapshots-that-teach.md"""
    recent_days: int = 1
    """A buyer or listing with a rare sign earns a daily snapshot by doing something the day
    before: without that its row says what the last one said."""
    peers_asked: int = 4_000
    """Listings, and buyers, that stand for their peers at a snapshot: enough of each group
    for a median and quartiles."""
    marked_orders: int = 5
    """Odd orders from which a listing is followed week by week; one may meet any listing."""


@dataclass(frozen=True)
class ErrorSettings:
    """How often a verdict is right. A double-read sample of your own should replace both.

    What is done with it: docs/decisions/0026-quality-for-the-population.md.
    """

    sensitivity: float = 0.88
    """Share of bad entities that whoever looks calls bad (assumption: 0.75 to 0.95)."""
    specificity: float = 0.96
    """Share of good ones that are cleared (assumption: 0.88 to 0.98)."""


FLAWLESS = ErrorSettings(sensitivity=1.0, specificity=1.0)
"""Verdicts that are always right."""


@dataclass(frozen=True)
class LabelSettings:
    """Which labels may teach or judge a model."""

    label_maturity_days: int = 14
    """Days that the behaviour behind a label waits of which no pack says how long verdicts
    take. docs/decisions/0006-label-maturity.md"""
    least_window_days: int = 7
    """Days before a bad verdict of which it speaks at least: a scheme that is found within a day
    would show on no weekly snapshot. docs/decisions/0030-before-the-verdict.md"""
    min_positives: int = 10
    """Two for each of five folds: fewer confirmed entities cannot be split so that each fold
    holds a few. docs/decisions/0030-before-the-verdict.md"""
    min_negatives: int = 30
    """Fewer cleared entities say nothing about false alarms."""
    base_rate_bad: float = 1.0
    """Beta prior of the base rate, bad part: one imagined bad entity ..."""
    base_rate_good: float = 19.0
    """... among twenty (5 %): the checks of a small marketplace outweigh it.
    docs/decisions/0035-an-honest-card.md"""
    base_rate_steps: int = 2_000
    """Points of the numerical integral: a twentieth of a percentage point."""
    errors: ErrorSettings = ErrorSettings()
    """How far a verdict can be trusted."""


@dataclass(frozen=True)
class BandSettings:
    """Calibrated score at which a band begins (probability of being bad)."""

    medium: float = 0.10
    """Several times the base rate: worth a look when nothing else waits."""
    high: float = 0.40
    """About as likely bad as not: worth an analyst's minutes."""
    critical: float = 0.80
    """Four in five are bad: first in any queue."""


@dataclass(frozen=True)
class ExplanationSettings:
    """With whom an entity is compared, and how surely and by what its score is explained."""

    min_peers: int = 20
    """Quartiles of fewer entities are anecdotes; then everybody is the peer group."""
    background_rows: int = 32
    """Real rows that stand for everybody where a family is left out.
    docs/decisions/0016-families-in-points.md"""
    reference_each: int = 300
    """Confirmed, cleared and ordinary entities kept as precedents, the latest first.
    docs/decisions/0019-distance-in-ranks.md"""
    lift_quantiles: tuple[float, ...] = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
    """Thresholds of a lift, from the suspicious end of half the entities to one in a hundred.
    docs/decisions/0020-lifts.md"""
    lift_entities: int = 20
    """A rate among fewer judged entities is an anecdote."""
    near_share: float = 0.5
    """Share of the medium edge from which an entity gets whiskers although its band is LOW.
    docs/decisions/0018-whiskers.md"""
    stores_everybody: bool = False
    """Whether contributions are stored of everybody; else of those whom a queue or a list shows,
    and a page computes the others'. docs/decisions/0155-contributions-of-whom.md"""


@dataclass(frozen=True)
class CommunitySettings:
    """What ties entities together and how a community is drawn."""

    relations: tuple[str, ...] = (
        "shares_device",
        "shares_address",
        "shares_payment_token",
        "shares_bank_account",
        "shares_buyers",
    )
    """Relations that are evidence of one hand; a shared network address is not."""
    attach_relations: tuple[str, ...] = ("bought_from", "bought_via")
    """Trade with a buyer: joins a shop or creator to a buyer community afterwards,
    never ties buyers to each other (everybody buys from a popular shop)."""
    resolution: float = 0.02
    """Mean tie between any two members that a community must exceed (constant Potts model).
    Higher splits rings that rotate identifiers, lower chains households together.
    docs/decisions/0021-communities.md"""
    seed: int = 20240
    """Same graph, same communities."""
    iterations: int = 3
    """Leiden cycles: later ones rarely move a node."""
    min_members: int = 3
    """A pair is a link, not a community."""
    attach_days: int = 90
    """Trade older than the longest feature window is not part of the picture."""
    attach_share: float = 0.25
    """A shop joins when a quarter of its recent buyers are members ..."""
    attach_share_buyers: int = 3
    """... and these are at least three people ..."""
    attach_buyers: int = 5
    """... or when at least five members buy there ..."""
    attach_coverage: float = 0.5
    """... and they are half of the community's buyers."""
    min_overlap: float = 0.1
    """Jaccard overlap from which a community inherits the name of an earlier one."""
    layout_members: int = 400
    """Larger communities get a spiral: no force layout of them can be read."""
    circle_members: int = 8
    """Smaller ones get a circle: every line is visible and it costs nothing."""
    layout_iterations: int = 40
    """Spring steps: the picture has settled by then."""
    edge_px: float = 100.0
    """Length of a typical edge on the screen."""
    node_gap_px: float = 30.0
    """No two nodes nearer than a node's diameter with its label ring."""
    money_days: int = 30
    """Window of a community's money columns."""


@dataclass(frozen=True)
class AlertSettings:
    """What an alert is worth; the names are the parameters of queries/alerts."""

    sensitivity: float = 0.85
    """Share of bad subjects a review finds (assumption: analysts reach 0.75 to 0.95)."""
    specificity: float = 0.93
    """Share of good subjects a review clears (assumption: 0.88 to 0.98)."""
    margin: float = 0.12
    """Share of a wrongly stopped seller's GMV that is lost for good (assumption)."""
    wrong_days: float = 7.0
    """Days until a wrong action is appealed and undone (assumption)."""
    appeal_minutes: float = 20.0
    """Minutes of deciding the appeal, so that acting wrongly is never free (docs/domain.md §4.4: 15
    to 25)."""
    hold_cost: float = 0.05
    """Share of money held past its payout date that holding it on costs a good seller
    (assumption: credit for the goods already bought, and the goodwill of one who waits)."""
    minute_cost: float = 0.5
    """USD an analyst minute costs (assumption: 30 an hour)."""
    price_level: float = 1.0
    """What a USD of a pack's harm prices is in the money of the build: 1, unless a marketplace
    of other prices says so."""
    severe_reviews: float = 10.0
    """A case is severe where an action saves ten times what its review costs, its ring left
    out. docs/decisions/0056-harm-and-severity.md"""
    signal_threshold: float = 0.8
    """Strength of a pack's signals that opens an alert although the model is calm: two
    signals of 0.6 meet it. docs/decisions/0013-signals-open-alerts.md"""
    agreement_threshold: float = 0.6
    """Strength of a pack's signals from which they open an alert where score and signals
    together make a probability above LOW."""
    most_strength: float = 0.95
    """Signals of one pack overlap: beyond this strength more of them say the same again."""
    signal_spread: float = 2.0
    """Standard deviation, in log odds, of what verdicts may change about all signals: a
    factor of seven either way. docs/decisions/0055-one-probability.md"""
    kind_spread: float = 1.5
    """The same about one entity type, and about one of its typologies: thirty verdicts
    overrule what a pack claims."""
    ageing_days: float = 28.0
    """Waiting adds to the priority, evenly over four weeks ..."""
    ageing_share: float = 0.25
    """... up to a quarter of what a minute costs: enough to break near ties, too little to
    put an old trifle before money that leaves tomorrow."""
    reserve_share: float = 0.05
    """Share of the places in the queue kept for what no priority would bring up: patterns
    nobody has proven, and alerts that have waited longest (§4.2: about 5 %)."""
    default_minutes: float = 20.0
    """Minutes to review an alert that no pack explains."""
    default_horizon: float = 14.0
    """Days until such money is out of reach."""
    default_recoverable: float = 0.5
    """Share of it that acting today still saves."""
    default_loss_share: float = 0.15
    """Share of the subject's money flow that is lost."""


@dataclass(frozen=True)
class TrainingSettings:
    """When models are trained: docs/decisions/0149-training-on-a-schedule.md."""

    every_days: int = 7
    """A week: as often as the weekly snapshots, of which most training rows are, grow."""


@dataclass(frozen=True)
class HistorySettings:
    """How long what earlier builds said is kept: docs/decisions/0060-score-ledger.md."""

    keep_days: int = 400
    """A year and a month, so that a season can be held against the one before."""


@dataclass(frozen=True)
class DriftSettings:
    """When a distribution counts as moved: docs/decisions/0022-drift.md."""

    reference_days: int = 28
    """Compared with four weeks earlier: long enough to move, short enough to act on, and the same
    weekday on both sides."""
    reference_slack_days: int = 6
    """How far from that day the nearest snapshot may lie."""
    bins: int = 10
    """Deciles of the reference, and one more bin for "unknown"."""
    epsilon: float = 1e-4
    """Share put in place of an empty bin, so that the logarithm exists."""
    tail: float = 1e-3
    """Beyond these quantiles of the reference a value is of the tail."""
    psi_watch: float = 0.10
    """Siddiqi's rule of thumb: below 0.1 nothing to see ..."""
    psi_shifted: float = 0.25
    """... above 0.25 the population is another one."""
    noise_level: float = 0.01
    """A verdict also needs a PSI that chance alone exceeds this rarely."""
    max_explained_rows: int = 3_000
    """Entities per snapshot whose contributions to the score are averaged."""


@dataclass(frozen=True)
class DayDriftSettings:
    """When the orders of one day are unlike others: docs/decisions/0127-drift-by-day.md."""

    trailing_days: int = 28
    """Four of each weekday."""
    least_days: int = 14
    """Days to compare with, at least: fewer say little of their scatter."""
    scatter_prior_days: int = 60
    """Days that the scatter of a whole column is worth beside that of one share."""
    least_clusters: int = 30
    """Live rooms and listings that sold on the day, at least."""
    q: float = 0.02
    """Of the alarms of a day one in fifty may be chance (Benjamini and Hochberg)."""
    least_effect: float = 0.15
    """Cohen's h: "small" is 0.2 (Cohen 1988), and so is 0 to 1 %; 38 to 70 % is 0.65."""
    epsilon: float = 1e-4
    """Share put in place of an empty bin, so that the logarithm exists."""
    noise_level: float = 0.01
    """The noise floor is a PSI that days without a change exceed this rarely."""


@dataclass(frozen=True)
class Settings:
    """Everything a build can be told."""

    packs_folder: str = ""
    """Folder of typology packs; empty = $RINGFENCE_PACKS, else the packs of the house."""
    scores_folder: str = ""
    """Folder of somebody else's scores (`pipeline.inputs.external_scores`); empty = our own."""
    keeps_every_table: bool = False
    """Whether the served file also holds what only other tables are made of, for whoever looks
    into how they come about. docs/decisions/0162-what-the-served-file-holds.md"""

    inputs: InputSettings = field(default_factory=InputSettings)
    """What a delivery may be like."""
    publishing: PublishSettings = field(default_factory=PublishSettings)
    """When a build is not published."""
    snapshots: SnapshotSettings = SnapshotSettings()
    """Days on which features are computed."""
    labels: LabelSettings = LabelSettings()
    """Labels that count."""
    model: ModelSettings = field(default_factory=ModelSettings)
    """The boosted trees."""
    training: TrainingSettings = TrainingSettings()
    """When they are trained."""
    bands: BandSettings = BandSettings()
    """Score bands."""
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    """Measuring it with intervals."""
    challenger: ChallengerSettings = field(default_factory=ChallengerSettings)
    """The model in its shadow."""
    heads: HeadSettings = field(default_factory=HeadSettings)
    """Telling typologies apart."""
    anomalies: AnomalySettings = field(default_factory=AnomalySettings)
    """The short list of anomalies, on screen the unproven lane."""
    explanations: ExplanationSettings = ExplanationSettings()
    """Peers, precedents, lifts and whiskers."""
    communities: CommunitySettings = CommunitySettings()
    """Dense groups and their pictures."""
    rings: RingSettings = field(default_factory=RingSettings)
    """Coordinated suspects."""
    alerts: AlertSettings = AlertSettings()
    """Terms of an alert's priority."""
    history: HistorySettings = HistorySettings()
    """The ledger of scores."""
    drift: DriftSettings = DriftSettings()
    """Moved distributions."""
    day_drift: DayDriftSettings = DayDriftSettings()
    """Days whose orders are unlike others."""
    noticing: NoticingSettings = field(default_factory=NoticingSettings)
    """When a metric has moved."""
