"""Hold a folder of raw tables against the contract and name every fault.

A fault found here costs a sentence; found later it costs an analyst's trust. So
each check answers four questions: which file, which column, how many rows, and
what to do. All checks run as one SQL line over views, so nothing is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import queries
from pipeline.errors import InputError
from queries.contract import RawColumn, RawTable, raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


@dataclass(frozen=True)
class Fault:
    """One way in which a file breaks the contract."""

    file: str
    column: str
    """Column or columns concerned; empty when the whole file is."""
    rows: int
    """How many rows are at fault; 0 when the file itself is."""
    found: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.column}" if self.column else self.file
        rows = f"{self.rows:,} rows: " if self.rows else ""
        return f"{place}: {rows}{self.found}. {self.remedy}"


def open_raw(con: duckdb.DuckDBPyConnection, folder: Path) -> tuple[list[Fault], list[str]]:
    """Make views `delivered.<table>` (as is) and `raw.<table>` (typed) over a folder.

    Returns the faults that keep a table from being typed, and the tables that are.
    Raises InputError when `folder` is not a folder.
    """
    if not folder.is_dir():
        raise InputError(
            f"No folder at {folder}.",
            "A folder with one Parquet or CSV file per raw table was expected.",
            "Name another folder, or make one: ringfence generate --out DIR",
        )
    con.execute("create schema if not exists delivered")
    con.execute("create schema if not exists raw")
    faults: list[Fault] = []
    typed: list[str] = []
    for table in raw_tables().values():
        file = _file_of(folder, table.name)
        if file is None:
            found = f"no {table.name}.parquet or {table.name}.csv"
            faults.append(Fault(str(folder / table.name), "", 0, found, "Deliver the table."))
            continue
        own = _deliver(con, table, file)
        faults += own
        if not own:
            typed.append(table.name)
    return faults, typed


def check(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Fault]:
    """Every fault of the folder, in the order of the contract; empty when it passes."""
    faults, typed = open_raw(con, folder)
    for name in typed:
        file = _file_of(folder, name)
        faults += [
            Fault(str(file), column, rows, found, remedy)
            for column, rows, found, remedy in _row_faults(con, raw_tables()[name], typed)
        ]
    return faults


def _file_of(folder: Path, table: str) -> Path | None:
    candidates = (folder / f"{table}.parquet", folder / f"{table}.csv")
    return next((path for path in candidates if path.is_file()), None)


def _deliver(con: duckdb.DuckDBPyConnection, table: RawTable, file: Path) -> list[Fault]:
    """Views over one file; its faults of form (unreadable, missing column, wrong type)."""
    import duckdb

    text = str(file).replace("'", "''")
    reader = (
        f"read_parquet('{text}')"
        if file.suffix == ".parquet"
        else f"read_csv('{text}', header = true, all_varchar = true, nullstr = '\\N')"
    )
    try:
        con.execute(f"create or replace view delivered.{table.name} as select * from {reader}")
        described = con.execute(f"describe delivered.{table.name}").fetchall()
    except duckdb.Error as error:
        found = f"cannot be read ({str(error).splitlines()[0]})"
        return [Fault(str(file), "", 0, found, "Write the file again as Parquet or UTF-8 CSV.")]
    present = {str(row[0]) for row in described}
    missing = [name for name in table.columns if name not in present]
    if missing:
        return [
            Fault(
                str(file), name, 0, "column is missing", f"Add it: {_wanted(table.columns[name])}."
            )
            for name in missing
        ]
    con.execute(
        f"create or replace view raw.{table.name} as select {_casts(table)} "
        f"from delivered.{table.name}"
    )
    return list(_type_faults(con, table, file))


def _casts(table: RawTable) -> str:
    return ", ".join(
        f'try_cast("{column.name}" as {column.type}) as "{column.name}"'
        for column in table.columns.values()
    )


def _wanted(column: RawColumn) -> str:
    details = [column.type, column.unit or column.meaning, "may be null" if column.nullable else ""]
    return f"{column.name} ({', '.join(part for part in details if part)})"


def _type_faults(con: duckdb.DuckDBPyConnection, table: RawTable, file: Path) -> Iterator[Fault]:
    wrong = {column.name: _not_typed(column) for column in table.columns.values()}
    for name, rows in _count_where(con, f"delivered.{table.name}", wrong).items():
        column = table.columns[name]
        found = f"values are not a {column.type}"
        yield Fault(str(file), name, rows, found, f"Deliver {_wanted(column)}.")


def _not_typed(column: RawColumn) -> str:
    quoted = f'"{column.name}"'
    unreadable = f"({quoted} is not null and try_cast({quoted} as {column.type}) is null)"
    if column.type == "bigint":
        fraction = f"try_cast({quoted} as double) <> round(try_cast({quoted} as double))"
        return f"({unreadable} or {fraction})"
    if column.type == "double":
        return f"({unreadable} or not isfinite(try_cast({quoted} as double)))"
    return unreadable


def _count_where(
    con: duckdb.DuckDBPyConnection, table: str, conditions: dict[str, str]
) -> dict[str, int]:
    """Rows of `table` that meet each condition, where any do."""
    if not conditions:
        return {}
    sums = ", ".join(f"count(*) filter (where {sql})" for sql in conditions.values())
    counts = con.execute(f"select {sums} from {table} as t").fetchall()[0]
    return {name: int(rows) for name, rows in zip(conditions, counts, strict=True) if rows}


def _row_faults(
    con: duckdb.DuckDBPyConnection, table: RawTable, typed: list[str]
) -> Iterator[tuple[str, int, str, str]]:
    yield from _value_faults(con, table)
    yield from _key_faults(con, table)
    for column in table.columns.values():
        target = column.references.partition(".")[0]
        if target in typed:
            yield from _orphans(con, table, column)
        for earliest in column.not_before:
            owner = earliest.rpartition(".")[0]
            if not owner or owner in typed:
                yield from _time_travel(con, table, column, earliest)


def _value_faults(
    con: duckdb.DuckDBPyConnection, table: RawTable
) -> Iterator[tuple[str, int, str, str]]:
    relation = f"raw.{table.name}"
    columns = table.columns.values()
    empty = {c.name: f'"{c.name}" is null' for c in columns if not c.nullable}
    for name, rows in _count_where(con, relation, empty).items():
        yield name, rows, "value is missing", f"Fill in {_wanted(table.columns[name])}."
    for bound, sign, word in (("min", "<", "below"), ("max", ">", "above")):
        limits = {c.name: getattr(c, bound) for c in columns if getattr(c, bound) is not None}
        broken = {name: f'"{name}" {sign} {limit}' for name, limit in limits.items()}
        for name, rows in _count_where(con, relation, broken).items():
            found = _money_word(name) if bound == "min" else f"value is above {limits[name]:g}"
            found = found or f"value is {word} {limits[name]:g}"
            yield name, rows, found, f"Deliver {_wanted(table.columns[name])}."
    listed = {c.name: f'"{c.name}" not in {_sql_list(c.one_of)}' for c in columns if c.one_of}
    for name, rows in _count_where(con, relation, listed).items():
        allowed = ", ".join(table.columns[name].one_of)
        yield name, rows, "value is not on the list", f"Use one of: {allowed}."


def _money_word(name: str) -> str:
    return "negative money" if name.endswith("_minor") else ""


def _sql_list(values: tuple[str, ...]) -> str:
    return "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + ")"


def _key_faults(
    con: duckdb.DuckDBPyConnection, table: RawTable
) -> Iterator[tuple[str, int, str, str]]:
    key = ", ".join(f'"{name}"' for name in table.key)
    sql = f"select count(*) - count(distinct ({key})) from raw.{table.name}"
    rows = queries.scalar(con, sql)
    if rows:
        yield ", ".join(table.key), rows, "duplicate key", "Deliver each row once."


def _orphans(
    con: duckdb.DuckDBPyConnection, table: RawTable, column: RawColumn
) -> Iterator[tuple[str, int, str, str]]:
    target, _, key = column.references.partition(".")
    sql = (
        f'select count(*) from raw.{table.name} as t where t."{column.name}" is not null '
        f'and t."{column.name}" not in (select "{key}" from raw.{target} where "{key}" is not null)'
    )
    rows = queries.scalar(con, sql)
    if rows:
        remedy = f"Deliver the missing rows of {target}, or leave these rows out."
        yield column.name, rows, f"refers to no {column.references}", remedy


def _time_travel(
    con: duckdb.DuckDBPyConnection, table: RawTable, column: RawColumn, earliest: str
) -> Iterator[tuple[str, int, str, str]]:
    owner, _, instant = earliest.rpartition(".")
    relation = f"raw.{table.name} as t"
    if owner:
        via = next(c for c in table.columns.values() if c.references.startswith(f"{owner}."))
        key = via.references.partition(".")[2]
        relation += f' join raw.{owner} as o on t."{via.name}" = o."{key}"'
    side = "o" if owner else "t"
    sql = f'select count(*) from {relation} where t."{column.name}" < {side}."{instant}"'
    rows = queries.scalar(con, sql)
    if rows:
        remedy = "Correct the clock or time zone (UTC)."
        yield column.name, rows, f"time travel: earlier than {earliest}", remedy
