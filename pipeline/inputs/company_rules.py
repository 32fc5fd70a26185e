"""What rows of one table may not be beside each other: said twice, at odds, or out of line.

Each of these needs a pass over the table of its own, so a cheap question comes first: a table
without a second row of a key has no two that differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries
from pipeline.inputs.faults import EXAMPLES, Fault, Verdict
from pipeline.inputs.rules import Rule
from queries.contract import VECTOR
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from pipeline.inputs.raw_views import Delivered
    from pipeline.settings.inputs import InputSettings
    from queries.contract import RawColumn, RawTable

_RATE = "usd_per_unit"
_ENTITIES = {f"{entity_type}s" for entity_type in ENTITY_TYPES}


def surplus_rows(con: duckdb.DuckDBPyConnection, table: RawTable) -> int:
    """Rows of `raw.<table>` beyond one per key.

    Hashes are counted first: they are quick to compare, and where all differ the keys do.
    """
    key = ", ".join(f'"{name}"' for name in table.key)
    hashed = f"select count(*) - count(distinct hash({key})) from raw.{table.name}"
    if not queries.scalar(con, hashed):
        return 0
    keys = f"(select {key} from raw.{table.name} group by {key})"
    sql = f"select count(*) - (select count(*) from {keys}) from raw.{table.name}"
    return int(queries.scalar(con, sql))


def duplicate_rule(table: RawTable) -> Rule:
    """Rows of one key that are not the same: nobody can say which is right."""
    key = ", ".join(f'"{name}"' for name in table.key)
    once = f"(select distinct * from raw.{table.name})"
    ours = ", ".join(f't."{name}"' for name in table.key)
    return Rule(
        ", ".join(table.key),
        f"({ours}) in (select ({key}) from {once} group by {key} having count(*) > 1)",
        "duplicate key of rows that differ",
        "Deliver each row once.",
        "Nobody can say which of them is right.",
    )


def copy_rule(table: RawTable) -> Rule:
    """Rows that are the same to the letter; `broken` is of those beyond the first."""
    return Rule(", ".join(table.key), "false", "duplicate key", "Deliver each row once.")


def twice(con: duckdb.DuckDBPyConnection, table: RawTable, readable_key: str) -> list[str]:
    """Keys of `raw.<table>` that more than one row has, the first few."""
    sql = f"select {readable_key} as k from raw.{table.name} as t group by k having count(*) > 1"
    return [row[0] for row in con.execute(f"{sql} order by k limit {EXAMPLES}").fetchall()]


def company_rules(
    con: duckdb.DuckDBPyConnection, delivered: Delivered, settings: InputSettings
) -> Iterator[Rule]:
    """The rules that rows of `raw.<table>` may break together, where any may be broken."""
    table = delivered.table
    if table.name in _ENTITIES and _has_capitals(con, table):
        yield _case_rule(table)
    for column in table.columns.values():
        if column.agrees_within and _is_at_odds(con, table, column):
            yield _agreement_rule(table, column)
        if column.type == VECTOR and _lengths_differ(con, table, column):
            yield _length_rule(table, column)
    if _RATE in table.columns and _rates_differ(con, table, settings):
        yield _rate_rule(table, settings)


def unlikely_markets(
    con: duckdb.DuckDBPyConnection, file: str, settings: InputSettings
) -> list[Fault]:
    """Notes on markets whose average order is worth less than a cent, or a fortune."""
    for name in ("minor_per_unit", "usd"):
        con.execute(queries.macros()[name])
    rows = con.execute(
        "select m.market, count(*), avg(usd(o.paid_minor, o.currency, o.usd_per_unit)) as usd "
        "from raw.orders as o join raw.merchants as m on o.merchant_id = m.merchant_id "
        f"where o.paid_minor > 0 group by m.market having usd < {settings.least_average_usd} "
        f"or usd > {settings.most_average_usd} order by m.market"
    ).fetchall()
    return [
        Fault(
            file,
            "paid_minor",
            int(count),
            f"an average order of market {market} is worth {usd:,.6g} USD",
            "Deliver whole minor units as ISO 4217 counts them, and what one unit is in USD.",
            "Amounts or rates may be in another unit.",
            verdict=Verdict.NOTE,
        )
        for market, count, usd in rows
    ]


def _has_capitals(con: duckdb.DuckDBPyConnection, table: RawTable) -> bool:
    key = table.key[0]
    sql = f'select 1 from raw.{table.name} where lower("{key}") <> "{key}" limit 1'
    return bool(con.execute(sql).fetchall())


def _case_rule(table: RawTable) -> Rule:
    key = table.key[0]
    lowered = f'select lower("{key}") from raw.{table.name} group by 1'
    return Rule(
        key,
        f'lower(t."{key}") in ({lowered} having count(distinct "{key}") > 1)',
        "ids that differ only by case",
        "Deliver one of them, or ids that differ otherwise.",
        "Many programs take them for one.",
    )


def _is_at_odds(con: duckdb.DuckDBPyConnection, table: RawTable, column: RawColumn) -> bool:
    return bool(con.execute(f"{_at_odds(table, column)} limit 1").fetchall())


def _at_odds(table: RawTable, column: RawColumn) -> str:
    within = ", ".join(f'"{name}"' for name in column.agrees_within)
    grouped = f"from raw.{table.name} group by {within}"
    return f'select ({within}) {grouped} having count(distinct "{column.name}") > 1'


def _agreement_rule(table: RawTable, column: RawColumn) -> Rule:
    ours = ", ".join(f't."{name}"' for name in column.agrees_within)
    return Rule(
        column.name,
        f"({ours}) in ({_at_odds(table, column)})",
        f"says two things of the same {', '.join(column.agrees_within)}",
        "Deliver the one that stands.",
        "Nobody can say which of them is right.",
    )


_MODEL = '"model", "version"'


def _lengths_differ(con: duckdb.DuckDBPyConnection, table: RawTable, column: RawColumn) -> bool:
    length = f'len("{column.name}")'
    sql = f"select 1 from raw.{table.name} group by {_MODEL} having min({length}) < max({length})"
    return bool(con.execute(f"{sql} limit 1").fetchall())


def _length_rule(table: RawTable, column: RawColumn) -> Rule:
    length = f'len("{column.name}")'
    usual = f"(select {_MODEL}, mode({length}) from raw.{table.name} group by {_MODEL})"
    return Rule(
        column.name,
        f'(t."model", t."version", len(t."{column.name}")) not in {usual}',
        "vector of another length than most of its model and version",
        "Deliver one length for each model and version; a model that changed has a new version.",
        "There is no angle between vectors of different lengths.",
    )


def _rates_differ(con: duckdb.DuckDBPyConnection, table: RawTable, settings: InputSettings) -> bool:
    sql = (
        f"select 1 from raw.{table.name} where {_RATE} > 0 group by currency "
        f"having max({_RATE}) > {settings.rate_factor} * min({_RATE}) limit 1"
    )
    return bool(con.execute(sql).fetchall())


def _rate_rule(table: RawTable, settings: InputSettings) -> Rule:
    usual = f"(select median({_RATE}) from raw.{table.name} as u where u.currency = t.currency)"
    factor = settings.rate_factor
    return Rule(
        _RATE,
        f"t.{_RATE} > {factor} * {usual} or t.{_RATE} * {factor} < {usual}",
        f"over {factor:g} times above or below the usual rate of its currency",
        "Deliver USD per unit of the currency, as of the day of the row.",
        "A comma may have slipped, or the rate is turned round.",
    )
