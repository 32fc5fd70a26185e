"""Leaving entities out of earlier snapshots changes whom we describe, never what is said."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import queries
from pipeline.settings.build import Settings
from tests.schemas import FEATURES, write_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.build import Report

SAMPLED = {"buyer": 800, "product": 200}
FEW = replace(
    Settings(),
    snapshots=replace(
        Settings().snapshots,
        sampled_buyers=SAMPLED["buyer"],
        sampled_products=SAMPLED["product"],
    ),
)
MANY = ("buyer", "product")


@pytest.fixture(scope="module")
def few(
    compact_built: Report, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same marketplace with small samples, beside the whole one as `whole`."""
    copy = tmp_path_factory.mktemp("few") / "few.duckdb"
    shutil.copy(compact_built.database, copy)
    with duckdb.connect(str(copy)) as con:
        con.execute(f"attach '{compact_built.database}' as whole (read_only)")
        write_schemas(con, FEATURES, FEW)
        yield con


@pytest.mark.parametrize("entity_type", MANY)
def test_a_row_says_the_same_however_few_are_described(
    entity_type: str, few: duckdb.DuckDBPyConnection
) -> None:
    """Every row that is left equals the row of a build that describes everybody."""
    key = f"{entity_type}_id, as_of"
    left = few.sql(f"select * from features.{entity_type} order by {key}").pl()
    shared = f"whole.features.{entity_type} semi join features.{entity_type} using ({key})"
    expected = few.sql(f"select * from {shared} order by {key}").pl()
    everything = queries.row_count(few, f"whole.features.{entity_type}")
    assert 0.05 * everything < left.height < 0.8 * everything
    assert_frame_equal(left, expected, rel_tol=1e-9)


@pytest.mark.parametrize("entity_type", ["merchant", "creator"])
def test_sellers_are_described_at_every_snapshot(
    entity_type: str, few: duckdb.DuckDBPyConnection
) -> None:
    """Samples are of those who are many: shops and creators all stay."""
    table = f"features.{entity_type}"
    assert queries.row_count(few, table) == queries.row_count(few, f"whole.{table}")


@pytest.mark.parametrize("entity_type", MANY)
def test_the_latest_snapshot_and_the_judged_are_whole(
    entity_type: str, few: duckdb.DuckDBPyConnection
) -> None:
    """Nobody is missing today, and nobody on a training day before the verdict."""
    before = FEW.snapshots.judged_before
    sql = f"""
        select count(*)
        from whole.features.{entity_type} as w
        inner join facts.snapshots as s
            on s.entity_type = '{entity_type}' and w.as_of = s.as_of
        anti join features.{entity_type} as f
            on w.{entity_type}_id = f.{entity_type}_id and w.as_of = f.as_of
        where
            s.is_latest
            or s.is_training and exists (
                from staging.labels as l
                where
                    l.entity_type = '{entity_type}'
                    and l.entity_id = w.{entity_type}_id
                    and w.as_of > cast(l.decided_at as date) - {before}
                    and w.as_of <= cast(l.decided_at as date)
            )
    """
    assert queries.scalar(few, sql) == 0


@pytest.mark.parametrize("entity_type", MANY)
def test_the_sample_is_the_size_asked_for_and_much_the_same_each_week(
    entity_type: str, few: duckdb.DuckDBPyConnection
) -> None:
    """A share by hash of those active: sizes as asked, and who is in stays in."""
    sql = "select * from population.observations where entity_type = $kind and is_sampled"
    sampled = few.sql(sql, params={"kind": entity_type}).pl()
    sizes = sampled.group_by("as_of").len().sort("as_of").tail(5)["len"]
    assert sizes.is_between(0.8 * SAMPLED[entity_type], 1.2 * SAMPLED[entity_type]).all()
    days = sampled["as_of"].unique().sort()
    last, before = (set(sampled.filter(pl.col("as_of") == days[n])["entity_id"]) for n in (-1, -2))
    assert len(last & before) > 0.85 * len(before)
