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
from pipeline.build import Order, Report, fingerprint

ROOT = Path(__file__).parents[2]
ACTIVE_DAYS = 21
ENTITY = ["entity_type", "entity_id"]


@dataclass(frozen=True)
class Found:
    """What was planted beside what was found."""

    planted: pl.DataFrame
    """Entities of rings active lately; `alerted_as` is their alert's typology, null without."""
    alike: pl.DataFrame
    """Honest look-alikes, with the same column."""
    alerts: pl.DataFrame
    bad: pl.DataFrame
    """Every entity that was ever part of a ring."""

    def members(self, typology: str, entity_type: str) -> pl.DataFrame:
        """Planted, not yet judged entities of one typology and type; fails when there is none."""
        same = (pl.col("typology") == typology) & (pl.col("entity_type") == entity_type)
        rows = self.planted.filter(same)
        assert rows.height > 0
        return rows


def find(report: Report, truth: pl.DataFrame) -> Found:
    """Join the truth to the alerts of a finished build."""
    with queries.connect(report.database) as con:
        alerts = con.sql("select * from alerts.alerts").pl()
        judged = con.sql("select distinct entity_type, entity_id from staging.labels").pl()
    named = alerts.select(*ENTITY, alerted_as="typology")
    joined = truth.join(named, on=ENTITY, how="left")
    since = pl.lit(report.as_of).cast(pl.Datetime("us")) - pl.duration(days=ACTIVE_DAYS)
    innocent = pl.col("is_hard_negative")
    # Whoever somebody has judged already is no news; the queue is measured on the others.
    unjudged = joined.join(judged, on=ENTITY, how="anti")
    return Found(
        unjudged.filter(~innocent & (pl.col("ended_at") >= since)),
        joined.filter(innocent).unique(["typology", *ENTITY]),
        alerts,
        truth.filter(~innocent).select(ENTITY).unique(),
    )


def share(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Share of rows where a condition holds; null counts as no."""
    return float(rows.select(condition.fill_null(value=False).mean()).item())


ALERTED, NAMED = pl.col("alerted_as").is_not_null(), pl.col("alerted_as") == pl.col("typology")


@pytest.fixture(scope="module")
def found(built: Report, small_world: Path) -> Found:
    """The small marketplace of all tests, which is dense with stories so that models can learn."""
    return find(built, pl.read_parquet(small_world / "truth" / "truth.parquet"))


# ---------------------------------------------------------------- planted and found


@pytest.mark.parametrize(
    ("typology", "entity_type", "recall", "named"),
    [
        ("T1_BRUSHING", "buyer", 0.9, 0.8),  # measured 0.98, 0.91 on seed 11
        ("T1_BRUSHING", "merchant", 0.85, 0.85),  # measured 22 of 22, all named on seed 11
        ("T1_BRUSHING", "product", 0.6, 0.8),  # measured 0.74, 0.96 on seed 11
        ("T2_VIEWER_INFLATION", "creator", 0.85, 0.85),  # measured 15 of 15, all named on seed 11
        ("T3_INCENTIVE_ABUSE", "buyer", 0.8, 0.9),  # measured 0.90, 1.00 on seed 11
        ("T3_INCENTIVE_ABUSE", "merchant", 0.8, 0.6),  # measured 5 of 5, 4 named on seed 11
        ("T3_INCENTIVE_ABUSE", "product", 0.6, 0.8),  # measured 9 of 11, all named on seed 11
        ("T4_AFFILIATE_FRAUD", "buyer", 0.65, 0.65),  # measured 0.77, 0.77 on seed 11
        ("T4_AFFILIATE_FRAUD", "creator", 0.8, 0.8),  # measured 8 of 8, all named on seed 11
        ("T9_REFUND_ABUSE", "buyer", 0.9, 0.9),  # measured 0.99, 0.99 on seed 11
    ],
)
def test_every_active_story_reaches_the_queue_under_its_name(
    found: Found, typology: str, entity_type: str, recall: float, named: float
) -> None:
    """Members of active rings are queued, and most of those under the story they are part of."""
    rows = found.members(typology, entity_type)
    assert share(rows, ALERTED) >= recall
    assert share(rows.filter(ALERTED), NAMED) >= named


@pytest.mark.parametrize(
    ("typology", "bound"),
    [
        ("T1_BRUSHING", 1.0),  # measured 4 of 4 on seed 11
        ("T2_VIEWER_INFLATION", 0.8),  # measured 15 of 15 on seed 11, each a single creator
        ("T3_INCENTIVE_ABUSE", 1.0),  # measured 4 of 4 on seed 11
        ("T4_AFFILIATE_FRAUD", 0.8),  # measured 8 of 8 on seed 11
        ("T9_REFUND_ABUSE", 0.9),  # measured 84 of 85 on seed 11
    ],
)
def test_a_ring_has_an_end_to_pull(found: Found, typology: str, bound: float) -> None:
    """At least one member of an active ring is queued under its story: the way to the others."""
    rows = found.planted.filter(pl.col("typology") == typology)
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
def test_look_alikes_are_left_in_peace(found: Found, kind: str, entity_type: str) -> None:
    """At most three in a hundred of each kind are queued (measured 0 to 0.8 on seed 11)."""
    same = (pl.col("typology") == kind) & (pl.col("entity_type") == entity_type)
    rows = found.alike.filter(same)
    assert rows.height > 50
    assert share(rows, ALERTED) <= 0.03


def test_the_top_of_the_queue_is_bad(found: Found) -> None:
    """Of HIGH and CRIT alerts four in five are planted (measured 0.97), of CRIT nearly all."""
    marked = found.alerts.join(
        found.bad.with_columns(is_bad=pl.lit(value=True)), on=ENTITY, how="left"
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
