"""Each difference between DuckDB and Spark, on values that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from pipeline.engines import rewrites, translation
from pipeline.engines.translation import translated
from tests.engines import ENGINE

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

CASES = {
    "date_boundaries": [
        (
            "date_diff('day', a, b)",
            "bigint",
            "timestamp '2026-06-01 23:00', timestamp '2026-06-02 01:00'",
        ),
        (
            "date_diff('hour', a, b)",
            "bigint",
            "timestamp '2026-06-01 23:59', timestamp '2026-06-02 00:01'",
        ),
        (
            "date_diff('minute', b, a)",
            "bigint",
            "timestamp '2026-06-01 23:59:59', timestamp '2026-06-02 00:00:01'",
        ),
    ],
    "date_differences": [("b - a + 1", "bigint", "date '2026-02-27', date '2026-03-01'")],
    "double_quotients": [
        ("a / b", "double", "cast(1 as decimal(18, 6)), cast(3 as bigint)"),
        ("a / b", "double", "cast(10 as decimal(38, 6)), cast(7 as decimal(38, 6))"),
    ],
    "rounded_doubles": [
        ("round(a, 2) + round(b, 2)", "double", "cast(0.285 as double), cast(1.005 as double)")
    ],
    "decimals_of_doubles": [
        (
            "cast(a as decimal(18, 2)) + cast(b as decimal(18, 2))",
            "decimal(18,2)",
            "cast(1.005 as double), cast(0.145 as double)",
        ),
    ],
    "whole_numbers": [
        (
            "cast(a as bigint) * 100 + cast(b as integer)",
            "bigint",
            "cast(2.5 as double), cast(1.7 as decimal(5, 1))",
        )
    ],
    "named_scripts": [
        ("regexp_matches(a, '^\\p{Han}{2,}$')", "boolean", "'王小明', 'x'"),
        ("regexp_replace(a, '[^\\p{L} ]+', '', 'g')", "varchar", "'王 7 él', 'x'"),
    ],
    "plain_separators": [("string_split(a, '-')[2]", "varchar", "'a-b-c', 'x'")],
}
"""By rewrite: an expression of columns a and b, its type and the values."""
STATEMENTS = {
    "double_literals": (
        "select avg(a) as value from (select unnest([1.0, 0.0, 0.0]) as a) as t",
        "double",
    ),
    "lists_of_quantiles": (
        """
        select unnest(q) as value from (select k, quantile_cont(a, [0.25, 0.5]) as q from (
        select 'x' as k, unnest([cast(1.0 as double), 2.0, 4.0]) as a) as t group by k) as u
        """,
        "double",
    ),
    "lists_of_type": (
        """
        select cast(unnest(generate_series(a, b, interval 1 day)) as date) as value
        from (select date '2026-02-27' as a, date '2026-03-01' as b) as t
        """,
        "date",
    ),
    "ranges_of_days": (
        """
        select sum(n) over (order by day range between interval 2 day preceding and
        interval 1 day preceding) as value from (select unnest([date '2026-06-01',
        date '2026-06-02', date '2026-06-05', date '2026-06-06']) as day, 1 as n) as t
        """,
        "bigint",
    ),
    "membership_as_value": (
        """
        select case when a in (select b from (select unnest(['x', 'y']) as b) as u) then 1 else 2
        end as value from (select unnest(['x', 'z']) as a) as t
        """,
        "bigint",
    ),
    "groups_written_out": (
        """
        select a || 'x' as k, count(*) as value
        from (select unnest(['p', 'p', 'q']) as a) as t group by all
        """,
        "bigint",
    ),
    "unions_by_position": (
        """
        select value from (select 1 as value, 2 as other union all by name
        select 3 as other, 4 as value) as t
        """,
        "bigint",
    ),
    "without_order": (
        """
        with n as (
            select a, b, unnest([1, 2]) as value from (values (1, 2), (3, 4)) as t(a, b)
        ),
        final as (select a, value from n union all select b as a, value from n)
        select * from final order by a, value
        """,
        "bigint",
    ),
    "columns_into_rows": (
        """
        select amount as value from (select 1 as k, cast(2 as bigint) as a,
        cast(null as bigint) as b, cast(3 as bigint) as c) as t
        unpivot (amount for part in (a, b, c))
        """,
        "bigint",
    ),
}
"""By rewrite: a statement with a column `value`, and its type."""
EVERY = [
    *((name, *case) for name, cases in CASES.items() for case in cases),
    *((name, *case, "") for name, case in STATEMENTS.items()),
]


def statement(text: str, values: str) -> str:
    """The whole statement of a case."""
    if not values:
        return text
    return f"select {text} as value from (select {values}) as t(a, b)"


def rows(session: SparkSession, sql: str, kind: str) -> list[Any]:
    """What the engine makes of it."""
    *steps, made = translated("hand.made", sql, {}, {"value": kind}, {})
    for step in steps:
        session.sql(step.sql).createOrReplaceTempView(step.view)
    return sorted(session.sql(made.sql).toArrow()["value"].to_pylist(), key=str)


@pytest.mark.parametrize(("name", "text", "kind", "values"), EVERY)
def test_a_difference_is_written_out(
    engine_session: SparkSession, name: str, text: str, kind: str, values: str
) -> None:
    """The engine gives what DuckDB gives."""
    assert hasattr(rewrites, name)
    sql = statement(text, values)
    with duckdb.connect() as con:
        relation = f"select cast(value as {kind}) from ({sql})"
        wanted = sorted((row[0] for row in con.execute(relation).fetchall()), key=str)
    assert rows(engine_session, sql, kind) == wanted


def test_every_rewrite_has_a_case() -> None:
    """None is added without values that show it."""
    every = {one.__name__ for one in rewrites.REWRITES} | OF_WHOLE_QUERIES
    assert every == CASES.keys() | STATEMENTS.keys()


OF_WHOLE_QUERIES = {"columns_into_rows", "without_order"}
"""Rewrites that are asked before the columns of a query have types."""
SHOWN_BY_SAIL = {
    *("columns_into_rows", "date_boundaries", "double_literals", "double_quotients"),
    "groups_written_out",
    *("lists_of_quantiles", "membership_as_value", "plain_separators", "ranges_of_days"),
    *("unions_by_position", "whole_numbers"),
}
SHOWN_BY_SPARK = {
    *("date_boundaries", "date_differences", "decimals_of_doubles", "double_literals"),
    *("lists_of_quantiles", "lists_of_type", "named_scripts", "rounded_doubles"),
    *("unions_by_position", "whole_numbers", "without_order"),
}
"""Rewrites without which a case comes out otherwise there."""


@pytest.mark.parametrize("name", sorted(SHOWN_BY_SPARK if ENGINE else SHOWN_BY_SAIL))
def test_a_rewrite_is_needed(
    engine_session: SparkSession, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Without it a case of it comes out otherwise, or not at all."""
    without = tuple(one for one in rewrites.REWRITES if one.__name__ != name)
    monkeypatch.setattr(translation, "REWRITES", without)
    if name in OF_WHOLE_QUERIES:
        monkeypatch.setattr(translation, name, lambda node: node)
    cases = [one for one in EVERY if one[0] == name]
    assert not all(_agrees(engine_session, *case[1:]) for case in cases)


def _agrees(session: SparkSession, text: str, kind: str, values: str) -> bool:
    from pyspark.errors import PySparkException

    sql = statement(text, values)
    with duckdb.connect() as con:
        relation = f"select cast(value as {kind}) from ({sql})"
        wanted = sorted((row[0] for row in con.execute(relation).fetchall()), key=str)
    try:
        return rows(session, sql, kind) == wanted
    except PySparkException:
        return False
