"""What packs add to a feature table: how many of their signals hold, and how strongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from queries import get
from queries.packs import PackRefused, check_predicates, packs
from queries.signal_columns import signal_columns
from queries.vocabulary import ENTITY_TYPES, SIGNAL_COLUMNS
from tests.packs import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.packs import Pack

HOUSE = list(packs().values())


def values(rows: str, *in_use: Pack) -> Sequence[tuple[float, ...]]:
    """Both columns over `rows`, SQL of columns a and b."""
    columns = signal_columns(in_use, "features/merchant")
    assert tuple(columns) == SIGNAL_COLUMNS
    with duckdb.connect() as con:
        every: list[tuple[float, ...]] = con.execute(
            f"select {', '.join(columns.values())} from (values {rows}) as t (a, b)"
        ).fetchall()
    return every


def test_signals_are_counted_and_the_strongest_typology_speaks() -> None:
    """All of them count; severities add up within a typology and not across two."""
    one = pack("T1_A", ("a > 1", 0.5), ("b > 1", 0.6))
    other = pack("T2_B", ("a > 1", 0.7))
    found = values("(2, 2), (2, 0), (0, 2), (0, 0)", one, other)
    assert [row[0] for row in found] == [3.0, 2.0, 1.0, 0.0]
    assert [row[1] for row in found] == pytest.approx([0.8, 0.7, 0.6, 0.0])


def test_what_is_unknown_does_not_fire() -> None:
    """Too little history is no sign of guilt: 0, never null."""
    assert values("(null, 0)", pack("T1_A", ("a > 1", 0.5), ("a is null", 0.1))) == [(1.0, 0.1)]
    assert values("(null, 0)", pack("T1_A", ("a > 1 and b > 1", 0.5))) == [(0.0, 0.0)]


def test_a_sign_of_a_victim_counts_for_nothing() -> None:
    """Who was robbed is not worse for it."""
    assert values("(2, 2)", pack("T8_V", ("a > 1", 0.9), subject_is="victim")) == [(0.0, 0.0)]


def test_without_packs_nothing_fires() -> None:
    """A marketplace may start with none; a table that is no feature table gets no column."""
    assert values("(2, 2)") == [(0.0, 0.0)]
    assert signal_columns(HOUSE, "features/service_quality") == {}
    assert signal_columns(HOUSE, "windows/seller_rates") == {}


@pytest.mark.parametrize("column", SIGNAL_COLUMNS)
def test_no_signal_may_ask_what_signals_make(column: str) -> None:
    """A circle is refused where the pack is read, with the columns that it may ask."""
    circle = pack("T1_A", (f"orders_7d > 1 and {column} > 0", 0.5))
    with pytest.raises(PackRefused, match=rf"{column}.*cannot be run"):
        check_predicates("t1.toml", circle)


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_the_columns_of_the_house_have_a_spark_spelling(entity_type: str) -> None:
    """They are part of a feature table, so the law of such tables is theirs."""
    columns = signal_columns(HOUSE, f"features/{entity_type}")
    sql = f"select {', '.join(columns.values())} from features.{entity_type}"
    tree = sqlglot.parse_one(sql, read="duckdb")
    text = tree.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
    assert "::" not in text
    assert not list(sqlglot.parse_one(text, read="spark").find_all(exp.Anonymous))


@pytest.mark.parametrize("entity_type", ENTITY_TYPES)
def test_no_column_of_a_feature_file_has_their_names(entity_type: str) -> None:
    """What packs add does not hide a number that SQL computes."""
    declared = {column.name for column in get(f"features/{entity_type}").returns}
    assert declared.isdisjoint(SIGNAL_COLUMNS)
