"""Every planted story is found end to end: from raw events to a named alert.

The truth is read here and nowhere else. Bounds stand a margin below what was
measured, so that another library version passes and a broken stage does not.
"""

from __future__ import annotations

import ast
import re
import shutil
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

import queries
from pipeline.build import Order, Report, fingerprint
from tests.sources import tree

ROOT = Path(__file__).parents[2]
ACTIVE_DAYS = 21
ENTITY = ["entity_type", "entity_id"]


CLAIMS = "select * from alerts.alerts where lane <> 'unproven'"


RANKS = """
    select
        s.entity_type,
        s.entity_id,
        percent_rank() over (partition by s.entity_type order by s.score) as rank
    from scores.scores as s
    inner join facts.snapshots as n on s.entity_type = n.entity_type and s.as_of = n.as_of
    where n.is_latest
"""


@dataclass(frozen=True)
class Outcome:
    """What was planted beside what was found."""

    guilty: pl.DataFrame
    """Guilty entities of rings active lately; `alerted_as` is their alert's typology, null
    without, `rank` the share of their kind that scores lower."""
    alike: pl.DataFrame
    """Honest look-alikes, with the same columns."""
    alerts: pl.DataFrame
    """Open alerts that claim something: the unproven lane, which accuses nobody, is left out."""
    bad: pl.DataFrame
    """Every entity that was ever a guilty part of a ring."""

    def members(self, typology: str, entity_type: str) -> pl.DataFrame:
        """Planted, not yet judged entities of one typology and type; fails when there is none."""
        same = (pl.col("typology") == typology) & (pl.col("entity_type") == entity_type)
        rows = self.guilty.filter(same)
        assert rows.height > 0
        return rows


def find(report: Report, truth: pl.DataFrame) -> Outcome:
    """Join the truth to the alerts and scores of a finished build."""
    with queries.connect(report.database) as con:
        alerts, ranks = con.sql(CLAIMS).pl(), con.sql(RANKS).pl()
        with_verdict = con.sql("select distinct entity_type, entity_id from staging.labels").pl()
    typologies = alerts.select(*ENTITY, alerted_as="typology")
    members = truth.join(typologies, on=ENTITY, how="left").join(ranks, on=ENTITY, how="left")
    since = pl.lit(report.as_of).cast(pl.Datetime("us")) - pl.duration(days=ACTIVE_DAYS)
    innocent, victim = pl.col("is_hard_negative"), pl.col("role") == "victim"
    # Whoever somebody has judged already is no news; the queue is measured on the others.
    unlabelled = members.join(with_verdict, on=ENTITY, how="anti")
    return Outcome(
        unlabelled.filter(~innocent & ~victim & (pl.col("ended_at") >= since)),
        members.filter(innocent).unique(["typology", *ENTITY]),
        alerts,
        truth.filter(~innocent & ~victim).select(ENTITY).unique(),
    )


def share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of rows where a condition holds; null counts as no."""
    return float(rows.select(condition.fill_null(value=False).mean()).item())


ALERTED, NAMED = pl.col("alerted_as").is_not_null(), pl.col("alerted_as") == pl.col("typology")


@pytest.fixture(scope="module")
def outcome(built: Report, small_world: Path) -> Outcome:
    """The small marketplace of all tests, which is dense with stories so that models can learn."""
    return find(built, pl.read_parquet(small_world / "truth" / "truth.parquet"))


# ---------------------------------------------------------------- planted and found


@pytest.mark.parametrize(
    ("typology", "entity_type", "recall", "named_share"),
    [
        ("T1_BRUSHING", "buyer", 0.6, 0.45),  # measured 0.84, 0.64
        ("T1_BRUSHING", "merchant", 0.5, 0.55),  # measured 10 of 13, 8 named
        ("T1_BRUSHING", "product", 0.55, 0.6),  # measured 18 of 21, 16 named
        ("T3_INCENTIVE_ABUSE", "buyer", 0.65, 0.35),  # measured 0.96, 0.60
        ("T3_INCENTIVE_ABUSE", "product", 0.25, 0.0),  # 3 of 10, none named: T3.S05 is weak
        ("T4_AFFILIATE_FRAUD", "buyer", 0.6, 0.55),  # measured 0.90, 0.83
        ("T9_REFUND_ABUSE", "buyer", 0.5, 0.85),  # measured 0.77, 1.00
    ],
)
def test_active_stories_reach_the_queue_under_their_name(
    outcome: Outcome, typology: str, entity_type: str, recall: float, named_share: float
) -> None:
    """Most members of active rings are queued, and a good part of those under their story.

    Two thirds of the rings hide: they go slowly, in cells, with changing identifiers or
    among real orders. Two seeds and sizes moved each figure by up to 0.25.
    """
    rows = outcome.members(typology, entity_type)
    assert share(rows, ALERTED) >= recall
    assert share(rows.filter(ALERTED), NAMED) >= named_share


@pytest.mark.parametrize(
    ("typology", "entity_type"),
    [
        ("T2_VIEWER_INFLATION", "creator"),  # measured 3 of 8, one by its signals: the weakest
        ("T4_AFFILIATE_FRAUD", "creator"),  # measured 3 of 3, 1 queued
        ("T3_INCENTIVE_ABUSE", "merchant"),  # measured 2 of 3, 1 queued
    ],
)
def test_what_stays_below_the_bands_ranks_high(
    outcome: Outcome, typology: str, entity_type: str
) -> None:
    """Three in ten of those whom few labels leave unsure are queued or in the top fifth.

    A few dozen labels of creators and shops, a quarter of them wrong, support no high
    probability, so the queue misses most of these; the order of the scores, or a pack's
    signals where the score stays low, do not.
    """
    rows = outcome.members(typology, entity_type)
    assert share(rows, (pl.col("rank") >= 0.8) | ALERTED) >= 0.3


@pytest.mark.parametrize(
    ("typology", "queued_share", "named_share"),
    [
        ("T1_BRUSHING", 1.0, 0.6),  # measured 3 of 3, all named
        ("T3_INCENTIVE_ABUSE", 0.8, 0.3),  # measured 13 of 13, 6 named
        ("T4_AFFILIATE_FRAUD", 0.6, 0.6),  # measured 6 of 6, all named
        ("T9_REFUND_ABUSE", 0.35, 0.35),  # measured 18 of 31, all named: single buyers
    ],
)
def test_a_ring_has_an_end_to_pull(
    outcome: Outcome, typology: str, queued_share: float, named_share: float
) -> None:
    """A member of an active ring is queued, often under its story: the way to the others."""
    rows = outcome.guilty.filter(pl.col("typology") == typology)
    rings = rows.group_by("ring_id").agg(
        NAMED.fill_null(value=False).any().alias("is_named"), ALERTED.any().alias("is_queued")
    )
    assert share(rings, pl.col("is_queued")) >= queued_share
    assert share(rings, pl.col("is_named")) >= named_share


LOOK_ALIKES = sorted(
    import_module(f"sample_data.hard_negatives.{path.stem}").NAME
    for path in (ROOT / "sample_data" / "hard_negatives").glob("*.py")
    if path.stem != "__init__"
)


def test_every_kind_of_look_alike_is_there(outcome: Outcome) -> None:
    """Fifteen or more kinds of honest look-alikes live in the world."""
    assert sorted(outcome.alike["typology"].unique()) == LOOK_ALIKES
    assert len(LOOK_ALIKES) >= 15


@pytest.mark.parametrize("typology", LOOK_ALIKES)
def test_look_alikes_are_left_in_peace(outcome: Outcome, typology: str) -> None:
    """Of each kind two, and ten in a hundred more, may be queued, whatever the entity type.

    In this world one buyer in ten is bad; at default size 0.2 % of families are queued.
    Measured here: families 7.5 % (75 of 1005), recalling shops 4 of 45, shops whose clothes come
    back 2 of 7, shops of a carrier on strike 2 of 19; two kinds of others 2, the rest 0 or 1.
    """
    rows = outcome.alike.filter(pl.col("typology") == typology)
    counts = rows.group_by("entity_type").agg(pl.len(), ALERTED.sum().alias("queued"))
    assert counts.height > 0
    too_many = counts.filter(pl.col("queued") > 2 + 0.10 * pl.col("len"))
    assert too_many.is_empty(), too_many.rows()


@pytest.mark.parametrize(
    ("entity_type", "bound"),
    [
        ("merchant", 0.06),  # measured 0.035, all of them MED: 24 bad labels teach the model
        ("creator", 0.03),  # measured 0
        ("product", 0.03),  # measured 0.006
        ("buyer", 0.035),  # measured 0.030; on two other seeds 0.016 before and after
    ],
)
def test_few_look_alikes_are_queued(outcome: Outcome, entity_type: str, bound: float) -> None:
    """Hardly any honest entity waits for an analyst because it looks like a story."""
    rows = outcome.alike.filter(pl.col("entity_type") == entity_type)
    assert rows.height > 100
    assert share(rows, ALERTED) <= bound


def test_the_top_of_the_queue_is_bad(outcome: Outcome) -> None:
    """Of CRIT alerts nine in ten are guilty (measured 0.95), of HIGH about half (0.61).

    That is what the bands promise: 0.8 and more, 0.4 to 0.8.
    """
    alerts = outcome.alerts.join(
        outcome.bad.with_columns(is_bad=pl.lit(value=True)), on=ENTITY, how="left"
    )
    assert share(alerts.filter(pl.col("score_band") == "CRIT"), pl.col("is_bad")) >= 0.8
    assert share(alerts.filter(pl.col("score_band") == "HIGH"), pl.col("is_bad")) >= 0.4


# ---------------------------------------------------------------- what no pack knows


def test_the_unproven_lane_holds_every_shop_of_the_pattern_of_day_78(
    built: Report, small_world: Path
) -> None:
    """No pack, rule or label knows the ring; its three shops are surfaced, and accused of nothing.

    Surfacing is what the build owes; reserved places of the queue go to the oddest and rotate.
    """
    truth = pl.read_parquet(small_world / "truth" / "truth.parquet")
    ring = truth.filter(
        (pl.col("typology") == "UNSEEN_VALUE_TRANSFER") & (pl.col("entity_type") == "merchant")
    )
    assert ring.height == 3
    with queries.connect(built.database) as con:
        anomalies = con.sql("select * from scores.anomalies where is_surfaced").pl()
        lane = con.sql("select * from alerts.alerts where lane = 'unproven'").pl()
    assert ring.join(anomalies, on=ENTITY, how="anti").is_empty()
    assert lane.height > 0
    assert lane.join(anomalies, on=ENTITY, how="anti").is_empty()
    assert lane["probability"].null_count() == lane.height


# ---------------------------------------------------------------- rooms


LIVE_SESSIONS = """
    select r.live_session_id as entity_id, t.typology as fits, a.typology as alerted_as
    from features.live_session as r
    inner join facts.snapshots as n
        on n.entity_type = 'live_session' and r.as_of = n.as_of and n.is_latest
    left join scores.typologies as t
        on
            t.entity_type = 'live_session'
            and r.live_session_id = t.entity_id
            and r.as_of = t.as_of
            and t.is_primary
    left join alerts.alerts as a
        on
            a.entity_type = 'live_session'
            and r.live_session_id = a.entity_id
            and a.lane <> 'unproven'
"""


@pytest.fixture(scope="module")
def live_sessions(built: Report, small_world: Path) -> pl.DataFrame:
    """Live sessions described last, with the scheme they fit and the one they were planted for."""
    truth = pl.read_parquet(small_world / "truth" / "truth.parquet")
    guilty = truth.filter((pl.col("entity_type") == "live_session") & ~pl.col("is_hard_negative"))
    planted = guilty.unique("entity_id").select("entity_id", "typology")
    with queries.connect(built.database) as con:
        sessions: pl.DataFrame = con.sql(LIVE_SESSIONS).pl()
    return sessions.join(planted, on="entity_id", how="left")


@pytest.mark.parametrize(
    ("typology", "recall"),
    [
        ("T14_SCAM_LIVE", 0.75),  # measured 26 of 26; 13 of 13 and 63 of 64 in larger worlds
        ("T2_VIEWER_INFLATION", 0.3),  # measured 10 of 19; 10 of 17 and 36 of 48 in larger worlds
    ],
)
def test_planted_rooms_fit_their_scheme(
    live_sessions: pl.DataFrame, typology: str, recall: float
) -> None:
    """No verdict speaks of rooms, so signals alone have to find them, and name them rightly."""
    guilty = live_sessions.filter(pl.col("typology") == typology)
    assert guilty.height >= 10
    fitting = guilty.drop_nulls("fits")
    assert fitting.height / guilty.height >= recall
    assert (fitting["fits"] == typology).all()


@pytest.mark.parametrize(
    ("typology", "queued_share"),
    [
        ("T14_SCAM_LIVE", 0.45),  # measured 18 of 26: the young ones have no regret to show yet
        ("T2_VIEWER_INFLATION", 0.1),  # measured 4 of 19: most machines hide among people
    ],
)
def test_planted_rooms_reach_the_queue(
    live_sessions: pl.DataFrame, typology: str, queued_share: float
) -> None:
    """Two signals that agree bring a room to an analyst under the name of its scheme."""
    guilty = live_sessions.filter(pl.col("typology") == typology)
    assert share(guilty, NAMED) >= queued_share


def test_few_honest_rooms_fit_a_scheme(live_sessions: pl.DataFrame) -> None:
    """Of the others, viral ones among them, few do (measured 15 of 438), fewer are queued (0)."""
    others = live_sessions.filter(pl.col("typology").is_null())
    assert others.height > 200
    assert share(others, pl.col("fits").is_not_null()) <= 0.06
    assert share(others, ALERTED) <= 0.01


# ---------------------------------------------------------------- the truth stays shut


SOURCES = sorted(
    path
    for package in ("pipeline", "dashboard", "queries")
    for suffix in ("py", "sql", "toml")
    for path in (ROOT / package).rglob(f"*.{suffix}")
)


def spoken(path: Path) -> list[str]:
    """What a file's code says: imports and strings of Python, statements of SQL, all of TOML."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [line.partition("--")[0] for line in text.splitlines()]
    nodes = list(ast.walk(tree(path)))
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    strings = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]
    imports = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return strings + imports


def test_nobody_opens_the_truth() -> None:
    """No string, import or statement of pipeline, dashboard or queries names it."""
    assert len(SOURCES) > 100
    telling = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in SOURCES
        for words in spoken(path)
        if re.search(r"\btruth\b", words, re.IGNORECASE)
    ]
    assert telling == []


def test_a_world_without_its_truth_is_the_same_input(small_world: Path, tmp_path: Path) -> None:
    """Taking the truth away changes nothing that a build depends on."""
    bare = tmp_path / "raw"
    shutil.copytree(small_world, bare, ignore=shutil.ignore_patterns("truth"))
    assert not (bare / "truth").exists()
    assert fingerprint(Order(bare, tmp_path)) == fingerprint(Order(small_world, tmp_path))
