"""Every planted story is found end to end: from raw events to a named alert.

The truth is read here and nowhere else. Bounds stand a margin below what was
measured, so that another library version passes and a broken stage does not.
"""

from __future__ import annotations

import ast
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

import queries
from pipeline.build import Order, Report, build, fingerprint
from pipeline.settings import DriftSettings, Settings, SnapshotSettings
from sample_data import WorldSettings, generate

ROOT = Path(__file__).parents[2]
SEED = 11
TOWN_ORDERS = 180_000
"""About the smallest marketplace in which every entity type has labels enough for a model."""
ACTIVE_DAYS = 21
ENTITY = ["entity_type", "entity_id"]
WITHOUT_HISTORY = Settings(
    snapshots=SnapshotSettings(
        daily_history_days=dict.fromkeys(("merchant", "creator", "product", "buyer"), 1)
    ),
    drift=DriftSettings(points=1),
)
"""The day of the build only: a story needs today's alerts, not a month of trend."""


@dataclass(frozen=True)
class Found:
    """What was planted beside what was found."""

    planted: pl.DataFrame
    """Entities of rings active lately; `alerted_as` their alert's typology, `says` that of the
    packs, `score_band`; null where there is none."""
    alike: pl.DataFrame
    """Honest look-alikes, with the same columns."""
    alerts: pl.DataFrame
    bad: pl.DataFrame
    """Every entity that was ever part of a ring."""

    def members(self, typology: str, entity_type: str) -> pl.DataFrame:
        """Planted entities of one typology and type; fails when there is none."""
        same = (pl.col("typology") == typology) & (pl.col("entity_type") == entity_type)
        rows = self.planted.filter(same)
        assert rows.height > 0
        return rows


def find(report: Report, truth: pl.DataFrame) -> Found:
    """Join the truth to the alerts and packs of a finished build."""
    with queries.connect(report.database) as con:
        alerts = con.sql("select * from alerts.alerts").pl()
        primary = con.sql("select * from scores.typologies where is_primary").pl()
        latest = con.sql(f"select * from scores.scores where as_of = '{report.as_of}'").pl()
    joined = (
        truth.join(alerts.select(*ENTITY, alerted_as="typology"), on=ENTITY, how="left")
        .join(primary.select(*ENTITY, says="typology"), on=ENTITY, how="left")
        .join(latest.select(*ENTITY, "score_band"), on=ENTITY, how="left")
    )
    since = pl.lit(report.as_of).cast(pl.Datetime("us")) - pl.duration(days=ACTIVE_DAYS)
    innocent = pl.col("is_hard_negative")
    return Found(
        joined.filter(~innocent & (pl.col("ended_at") >= since)),
        joined.filter(innocent).unique(["typology", *ENTITY]),
        alerts,
        truth.filter(~innocent).select(ENTITY).unique(),
    )


def share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of rows where a condition holds; null counts as no."""
    return float(rows.select(condition.fill_null(value=False).mean()).item())


def truth_of(folder: Path) -> pl.DataFrame:
    """The planted truth of a generated world."""
    return pl.read_parquet(folder / "truth" / "truth.parquet")


ALERTED, NAMED = pl.col("alerted_as").is_not_null(), pl.col("alerted_as") == pl.col("typology")
SUSPECTED, SAID = pl.col("score_band") != "LOW", pl.col("says") == pl.col("typology")


# ---------------------------------------------------------------- the small marketplace


@pytest.fixture(scope="module")
def village(built: Report, small_world: Path) -> Found:
    """The small marketplace of the other tests: only its buyers have labels enough to learn."""
    return find(built, truth_of(small_world))


@pytest.mark.parametrize(
    ("typology", "suspected", "recall", "named"),
    [
        ("T1_BRUSHING", 0.85, 0.4, 0.6),  # measured 0.96, 0.54, 0.74 on seed 11
        ("T3_INCENTIVE_ABUSE", 0.9, 0.9, 0.9),  # measured 1.00, 1.00, 1.00 on seed 11
        ("T4_AFFILIATE_FRAUD", 0.6, 0.15, 0.7),  # measured 0.79, 0.26, 1.00 on seed 11
        ("T9_REFUND_ABUSE", 0.9, 0.75, 0.9),  # measured 1.00, 0.93, 1.00 on seed 11
    ],
)
def test_active_buyers_are_queued_under_their_story(
    village: Found, typology: str, suspected: float, recall: float, named: float
) -> None:
    """Ring buyers score above LOW; those worth an analyst's minutes are queued, rightly named.

    The second share is lower than the first by design: a middling buyer with little money
    at stake does not earn the minutes, the shop or creator behind the ring does.
    """
    rows = village.members(typology, "buyer")
    assert share(rows, SUSPECTED) >= suspected
    assert share(rows, ALERTED) >= recall
    assert share(rows.filter(ALERTED), NAMED) >= named


@pytest.mark.parametrize(
    ("typology", "entity_type", "bound"),
    [
        ("T2_VIEWER_INFLATION", "creator", 0.6),  # measured 3 of 3 on seed 11
        ("T4_AFFILIATE_FRAUD", "creator", 0.6),  # measured 3 of 3 on seed 11
        ("T3_INCENTIVE_ABUSE", "product", 0.6),  # measured 3 of 3 on seed 11
        ("T1_BRUSHING", "product", 0.5),  # measured 5 of 7 on seed 11
    ],
)
def test_where_no_model_could_learn_the_packs_still_name_the_story(
    village: Found, typology: str, entity_type: str, bound: float
) -> None:
    """With too few labels for a score, the signals of the packs fire on the right ones."""
    assert share(village.members(typology, entity_type), SAID) >= bound


# ---------------------------------------------------------------- a marketplace large enough


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """A marketplace in which merchants, creators, products and buyers all have a model."""
    folder = tmp_path_factory.mktemp("town")
    generate(folder / "raw", WorldSettings(orders=TOWN_ORDERS, seed=SEED))
    order = Order(folder / "raw", folder / "out", WITHOUT_HISTORY)
    return find(build(order), truth_of(folder / "raw"))


@pytest.mark.parametrize(
    ("typology", "entity_type", "recall", "named"),
    [
        ("T1_BRUSHING", "buyer", 0.85, 0.6),  # measured 0.98, 0.80 on seed 11
        ("T1_BRUSHING", "merchant", 0.7, 0.6),  # measured 0.87, 0.77 on seed 11
        ("T1_BRUSHING", "product", 0.65, 0.7),  # measured 0.83, 0.89 on seed 11
        ("T2_VIEWER_INFLATION", "creator", 0.6, 0.8),  # measured 0.82, 1.00 on seed 11
        ("T3_INCENTIVE_ABUSE", "buyer", 0.8, 0.9),  # measured 0.92, 1.00 on seed 11
        ("T3_INCENTIVE_ABUSE", "merchant", 0.6, 0.6),  # measured 4 of 5, 4 of 4 on seed 11
        ("T3_INCENTIVE_ABUSE", "product", 0.8, 0.8),  # measured 1.00, 1.00 on seed 11
        ("T4_AFFILIATE_FRAUD", "buyer", 0.5, 0.6),  # measured 0.67, 0.81 on seed 11
        ("T4_AFFILIATE_FRAUD", "creator", 0.8, 0.8),  # measured 7 of 7, 7 of 7 on seed 11
        ("T9_REFUND_ABUSE", "buyer", 0.9, 0.9),  # measured 1.00, 1.00 on seed 11
    ],
)
def test_every_active_story_reaches_the_queue_under_its_name(
    town: Found, typology: str, entity_type: str, recall: float, named: float
) -> None:
    """Members of active rings are queued, and most of those under the story they are part of."""
    rows = town.members(typology, entity_type)
    assert share(rows, ALERTED) >= recall
    assert share(rows.filter(ALERTED), NAMED) >= named


@pytest.mark.parametrize(
    ("typology", "bound"),
    [
        ("T1_BRUSHING", 1.0),  # measured 3 of 3 on seed 11
        ("T2_VIEWER_INFLATION", 0.6),  # measured 9 of 11 on seed 11, each a single creator
        ("T3_INCENTIVE_ABUSE", 1.0),  # measured 3 of 3 on seed 11
        ("T4_AFFILIATE_FRAUD", 0.8),  # measured 7 of 7 on seed 11
        ("T9_REFUND_ABUSE", 0.9),  # measured 66 of 66 on seed 11
    ],
)
def test_a_ring_has_an_end_to_pull(town: Found, typology: str, bound: float) -> None:
    """At least one member of an active ring is queued under its story: the way to the others."""
    rows = town.planted.filter(pl.col("typology") == typology)
    rings = rows.group_by("ring_id").agg(NAMED.fill_null(value=False).any().alias("is_named"))
    assert share(rings, pl.col("is_named")) >= bound


LOOK_ALIKES = (
    ("HN_VIRAL_LIVE", "creator"),
    ("HN_FLASH_SALE", "merchant"),
    ("HN_FLASH_SALE", "product"),
    ("HN_FAMILY_DEVICE", "buyer"),
    ("HN_DORM_ADDRESS", "buyer"),
)


@pytest.mark.parametrize(("kind", "entity_type"), LOOK_ALIKES)
def test_look_alikes_are_left_in_peace(town: Found, kind: str, entity_type: str) -> None:
    """At most three in a hundred of each kind are queued (measured none on seed 11)."""
    same = (pl.col("typology") == kind) & (pl.col("entity_type") == entity_type)
    rows = town.alike.filter(same)
    assert rows.height > 50
    assert share(rows, ALERTED) <= 0.03


def test_the_top_of_the_queue_is_bad(town: Found) -> None:
    """Of HIGH and CRIT alerts four in five are planted (measured 0.96), of CRIT nearly all."""
    marked = town.alerts.join(
        town.bad.with_columns(is_bad=pl.lit(value=True)), on=ENTITY, how="left"
    )
    high = marked.filter(pl.col("score_band").is_in(["HIGH", "CRIT"]))
    assert share(high, pl.col("is_bad")) >= 0.8
    assert share(marked.filter(pl.col("score_band") == "CRIT"), pl.col("is_bad")) >= 0.95


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
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]
    imports = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
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
