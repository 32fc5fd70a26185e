"""Hold a folder of raw tables against the contract and name every fault.

A fault found here costs a sentence; found later it costs an analyst's trust. So
each check answers four questions: which file, which column, how many rows, and
what to do. The rules of a table that look at one row are held in one scan, those
that look at the row it refers to in one join per table referred to, and rules are
counted one by one only where some row breaks one: a delivery of a million orders
is checked in seconds and nothing is loaded.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import queries
from pipeline.inputs.faults import Fault
from pipeline.inputs.sources import Problem, Source, SourceTable, open_source
from queries.contract import RawColumn, RawTable, raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


AT_ONCE = 2
"""Tables looked at side by side: most are too small to keep two cores busy."""


@dataclass(frozen=True)
class _Rule:
    """What no row may be: a condition over `t`, and over `o` where it refers to another table.

    `found` and `remedy` are the words of its fault.
    """

    column: str
    broken: str
    found: str
    remedy: str


def open_raw(con: duckdb.DuckDBPyConnection, place: Path | str) -> tuple[list[Fault], list[str]]:
    """Make views `delivered.<table>` (as is) and `raw.<table>` (typed) over a source.

    Returns the faults that keep a table from being typed, and the tables that are.
    Raises InputError when there is nothing to read at `place`.
    """
    return _open(con, _source(con, place))


def _source(con: duckdb.DuckDBPyConnection, place: Path | str) -> Source:
    # A time with a zone is the same instant whatever zone the builder's machine is in.
    con.execute("set global timezone = 'UTC'")
    return open_source(con, place)


def _open(con: duckdb.DuckDBPyConnection, source: Source) -> tuple[list[Fault], list[str]]:
    con.execute("create schema if not exists delivered")
    con.execute("create schema if not exists raw")
    faults: list[Fault] = []
    typed: list[str] = []
    for table in raw_tables().values():
        if table.name in source.problems:
            faults.append(_unread(source.problems[table.name]))
            continue
        if table.name not in source.tables and table.optional:
            leave_empty(con, table)
            continue
        if table.name not in source.tables:
            faults.append(_unread(source.lacks(table.name)))
            continue
        own = _deliver(con, table, source.tables[table.name])
        faults += [_in_own_names(fault, table.name, source) for fault in own]
        if not own:
            typed.append(table.name)
    return faults, typed


def _unread(problem: Problem) -> Fault:
    return Fault(problem.place, "", 0, problem.found, problem.remedy)


def check(con: duckdb.DuckDBPyConnection, place: Path | str) -> list[Fault]:
    """Every fault of a source, table by table; empty when it passes."""
    source = _source(con, place)
    faults, typed = _open(con, source)

    def faults_of(name: str) -> list[Fault]:
        with con.cursor() as own:
            table = raw_tables()[name]
            found = _row_faults(own, table, source.tables[name].place, typed)
            return [_in_own_names(fault, name, source) for fault in found]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return faults + list(chain.from_iterable(pool.map(faults_of, typed)))


def _in_own_names(fault: Fault, table: str, source: Source) -> Fault:
    """A fault as whoever delivers a mapped source knows it: by their file and column."""
    own = source.own_names(table, fault.column.split(", "))
    return replace(fault, file=own[0], column=own[1]) if own else fault


def leave_empty(con: duckdb.DuckDBPyConnection, table: RawTable) -> None:
    """A view without rows, for a table that may be left out and was."""
    columns = ", ".join(f'cast(null as {c.type}) as "{c.name}"' for c in table.columns.values())
    con.execute(f"create or replace view raw.{table.name} as select {columns} where false")


def _deliver(
    con: duckdb.DuckDBPyConnection, table: RawTable, delivered: SourceTable
) -> list[Fault]:
    """Views over one table; its faults of form (unreadable, missing column, wrong type)."""
    import duckdb

    file = delivered.place
    try:
        con.execute(
            f"create or replace view delivered.{table.name} as select * from {delivered.relation}"
        )
        columns = con.execute(f"describe delivered.{table.name}").fetchall()
    except duckdb.Error as error:
        found = f"cannot be read ({str(error).splitlines()[0]})"
        return [Fault(file, "", 0, found, "Write the file again as Parquet or UTF-8 CSV.")]
    present = {str(row[0]).lower(): str(row[1]).lower() for row in columns}
    absent = [column for name, column in table.columns.items() if name not in present]
    missing = [column for column in absent if not column.nullable]
    if missing:
        return [
            Fault(file, column.name, 0, "column is missing", f"Add it: {_described(column)}.")
            for column in missing
        ]
    casts = ", ".join(_typed(column, present.get(name)) for name, column in table.columns.items())
    con.execute(
        f"create or replace view raw.{table.name} as select {casts} from delivered.{table.name}"
    )
    rules = [
        _type_rule(column)
        for name, column in table.columns.items()
        if name in present and _may_fail(column, present[name])
    ]
    return _faults(con, f"delivered.{table.name} as t", rules, file)


def _typed(column: RawColumn, delivered: str | None) -> str:
    """The column as the contract types it; as it stands where it has that type already.

    One that was not delivered, and need not be, is null.
    """
    if delivered is None:
        return f'cast(null as {column.type}) as "{column.name}"'
    if delivered == column.type:
        return f'"{column.name}"'
    value = f'"{column.name}"'
    if (column.type, delivered) == ("timestamp", "varchar"):
        value = f"try_cast({value} as timestamptz)"  # as a timestamp it would lose its offset
    return f'try_cast({value} as {column.type}) as "{column.name}"'


def _may_fail(column: RawColumn, delivered: str) -> bool:
    """Whether values of the delivered type may not be what the contract asks for."""
    return delivered != column.type or column.type == "double"


def _described(column: RawColumn) -> str:
    details = [column.type, column.unit or column.meaning, "may be null" if column.nullable else ""]
    return f"{column.name} ({', '.join(part for part in details if part)})"


def _type_rule(column: RawColumn) -> _Rule:
    quoted = f't."{column.name}"'
    broken = f"({quoted} is not null and try_cast({quoted} as {column.type}) is null)"
    if column.type == "bigint":
        number = f"try_cast({quoted} as double)"
        broken += f" or {number} <> round({number})"
    if column.type == "double":
        broken += f" or not isfinite(try_cast({quoted} as double))"
    found = f"values are not a {column.type}"
    return _Rule(column.name, broken, found, f"Deliver {_described(column)}.")


def _faults(
    con: duckdb.DuckDBPyConnection, relation: str, rules: list[_Rule], file: str
) -> list[Fault]:
    """The rules that rows of `relation` break, with how many rows break each."""
    broken = " or ".join(f"({rule.broken})" for rule in rules)
    if not rules or not queries.scalar(con, f"select count(*) from {relation} where {broken}"):
        return []
    counts = ", ".join(f"count(*) filter (where {rule.broken})" for rule in rules)
    per_rule = con.execute(f"select {counts} from {relation}").fetchall()[0]
    return [
        Fault(file, rule.column, int(rows), rule.found, rule.remedy)
        for rule, rows in zip(rules, per_rule, strict=True)
        if rows
    ]


def _row_faults(
    con: duckdb.DuckDBPyConnection, table: RawTable, file: str, typed: list[str]
) -> Iterator[Fault]:
    rules = [rule for column in table.columns.values() for rule in _value_rules(column)]
    yield from _faults(con, f"raw.{table.name} as t", rules, file)
    yield from _key_faults(con, table, file)
    joined: set[str] = set()
    for column, owner, condition in _links(table):
        if owner in typed:
            rules = [_orphan_rule(column, owner, condition)]
            rules += _late_rules(table, owner) if owner not in joined else []
            joined.add(owner)
            join = f'left join raw.{owner} as o on t."{column.name}" = o."{_key(owner)}"'
            yield from _faults(con, f"raw.{table.name} as t {join}", rules, file)


def _value_rules(column: RawColumn) -> Iterator[_Rule]:
    """The rules that one row can break by itself."""
    quoted, deliver = f't."{column.name}"', f"Deliver {_described(column)}."
    if not column.nullable:
        remedy = f"Fill in {_described(column)}."
        yield _Rule(column.name, f"{quoted} is null", "value is missing", remedy)
    if column.min is not None:
        is_money = column.name.endswith("_minor")
        found = "negative money" if is_money else f"value is below {column.min:g}"
        yield _Rule(column.name, f"{quoted} < {column.min}", found, deliver)
    if column.max is not None:
        found = f"value is above {column.max:g}"
        yield _Rule(column.name, f"{quoted} > {column.max}", found, deliver)
    if column.one_of:
        remedy = f"Use one of: {', '.join(column.one_of)}."
        broken = f"{quoted} not in {_sql_list(column.one_of)}"
        yield _Rule(column.name, broken, "value is not on the list", remedy)
    if column.is_time_zone:
        broken = f"{quoted} not in (select name from pg_timezone_names())"
        yield _Rule(column.name, broken, "no time zone of that name", deliver)
    for earliest in column.not_before:
        if "." not in earliest:
            yield _time_rule(column, f't."{earliest}"', earliest)


def _sql_list(values: tuple[str, ...]) -> str:
    return "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + ")"


def _time_rule(column: RawColumn, bound: str, earliest: str) -> _Rule:
    found = f"time travel: earlier than {earliest}"
    remedy = "Correct the clock or time zone (UTC)."
    return _Rule(column.name, f't."{column.name}" < {bound}', found, remedy)


def _key_faults(con: duckdb.DuckDBPyConnection, table: RawTable, file: str) -> Iterator[Fault]:
    key = ", ".join(f'"{name}"' for name in table.key)
    keys = f"(select {key} from raw.{table.name} group by {key})"
    sql = f"select count(*) - (select count(*) from {keys}) from raw.{table.name}"
    rows = queries.scalar(con, sql)
    if rows:
        column = ", ".join(table.key)
        yield Fault(file, column, rows, "duplicate key", "Deliver each row once.")


def _links(table: RawTable) -> Iterator[tuple[RawColumn, str, str]]:
    """Each column that refers to another table, that table, and the rows that do."""
    for column in table.columns.values():
        if column.references:
            yield column, column.references.partition(".")[0], "true"
        for entity_type in (
            table.columns[column.entity_type_in].one_of if column.entity_type_in else ()
        ):
            yield column, f"{entity_type}s", f"t.\"{column.entity_type_in}\" = '{entity_type}'"


def _key(owner: str) -> str:
    return raw_tables()[owner].key[0]


def _orphan_rule(column: RawColumn, owner: str, condition: str) -> _Rule:
    key = _key(owner)
    broken = f'{condition} and t."{column.name}" is not null and o."{key}" is null'
    remedy = f"Deliver the missing rows of {owner}, or leave these rows out."
    return _Rule(column.name, broken, f"refers to no {owner}.{key}", remedy)


def _late_rules(table: RawTable, owner: str) -> list[_Rule]:
    """Instants of this table that may not precede one of the row of `owner` it refers to."""
    return [
        _time_rule(column, f'o."{earliest.partition(".")[2]}"', earliest)
        for column in table.columns.values()
        for earliest in column.not_before
        if earliest.startswith(f"{owner}.")
    ]
