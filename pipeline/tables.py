"""How stages read and write tables: one line of SQL in, a polars frame out.

Stages share this and nothing else, so that a missing table is the same sentence
everywhere and a new feature column is met by every stage without a list to edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import polars as pl

from pipeline.errors import StageError
from queries.catalogue import features

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

ROWS_AT_ONCE = 50_000
"""Rows of features that are in memory twice."""
_NUMBERS = ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT")


def query(con: duckdb.DuckDBPyConnection, sql: str, **params: object) -> pl.DataFrame:
    """One line of SQL as a frame; a table that is not there becomes a `StageError`."""
    try:
        frame: pl.DataFrame = con.sql(sql, params=params or None).pl()
    except duckdb.CatalogException as error:
        raise StageError(
            f"A stage read a table that is not there: {str(error).splitlines()[0]}.",
            "Every stage finds the tables of the stages before it.",
            "Run the whole build again: ringfence build --data DIR --out build.",
        ) from error
    return frame


def batches(con: duckdb.DuckDBPyConnection, sql: str, rows: int) -> Iterator[pl.DataFrame]:
    """The same in pieces of about `rows` rows, in memory one at a time.

    Each is made when asked for, so nothing else may be asked of `con` in between.
    """
    for piece in con.sql(sql).to_arrow_reader(rows):
        frame = pl.from_arrow(piece)
        if isinstance(frame, pl.DataFrame) and frame.height:
            yield frame


def store(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> int:
    """Replace `schema.table` with `frame`; returns its rows."""
    con.execute(f"create schema if not exists {table.partition('.')[0]}")
    con.register("_frame", frame)
    con.execute(f"create or replace table {table} as select * from _frame")
    con.unregister("_frame")
    return frame.height


def append(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> int:
    """Add the rows of `frame` to `schema.table`, column by column; returns how many.

    Words that repeat may come as `pl.Enum`, which crosses over without being copied once per
    row; the table holds them as text.
    """
    con.register("_frame", frame)
    con.execute(f"insert into {table} select * from _frame")
    con.unregister("_frame")
    return frame.height


def hash_of(key: str) -> str:
    """SQL of eight hex digits by which rows are ordered or sampled; `key` is SQL of a text.

    By md5, which means the same in every version of the database. The digits after those
    that `population.active_spans` samples by: within its sample this one is even.
    """
    return f"substr(md5({key}), 9, 8)"


def feature_names(con: duckdb.DuckDBPyConnection, entity_type: str) -> tuple[str, ...]:
    """What a model of a type may see: the numeric columns of its table that are known.

    A new feature needs no list. One that the catalogue keeps for service quality is left out,
    so that an honest shop that serves badly is not called a fraud for it, and so is one that
    nothing delivered says anything about.
    """
    kept_apart = {name for name, one in features(entity_type).items() if one.use == "quality"}
    kept_apart |= names_off(con, "feature").get(entity_type, set())
    columns = query(con, f"describe features.{entity_type}")
    return tuple(
        name
        for name, sql_type in columns.select("column_name", "column_type").iter_rows()
        if name not in kept_apart and (sql_type in _NUMBERS or sql_type.startswith("DECIMAL"))
    )


def names_off(con: duckdb.DuckDBPyConnection, kind: str) -> dict[str | None, set[str]]:
    """By entity type, the features, metrics or signals (`kind`) that are off for want of a fact.

    What they lack is in `meta.unavailable`; a file without that table has nothing off.
    """
    sql = "select entity_type, name from meta.unavailable where kind = $kind"
    try:
        rows = con.execute(sql, {"kind": kind}).fetchall()
    except duckdb.CatalogException:
        return {}
    off: dict[str | None, set[str]] = {}
    for entity_type, name in rows:
        off.setdefault(entity_type, set()).add(name)
    return off


def snapshot_days(con: duckdb.DuckDBPyConnection, entity_type: str) -> list[date]:
    """Days on which features of a type exist, first to last."""
    sql = "select as_of from facts.snapshots where entity_type = $entity_type order by as_of"
    return query(con, sql, entity_type=entity_type)["as_of"].to_list()


def latest_snapshot(con: duckdb.DuckDBPyConnection) -> date:
    """The day of the build: it uses what was known before."""
    latest = query(con, "select max(as_of) as as_of from facts.snapshots")["as_of"][0]
    if latest is None:
        raise StageError(
            "No day of this build has features: its orders begin too shortly before it.",
            "Two weeks of orders make the first features, 30 days the first models.",
            "Deliver older orders too, or name a later day (--as-of) where there are later orders.",
        )
    day: date = latest
    return day


def read_features(
    con: duckdb.DuckDBPyConnection,
    entity_type: str,
    as_of: date,
    names: tuple[str, ...],
    among: str = "true",
) -> tuple[pl.Series, NDArray[np.float64]]:
    """Ids and matrix (entities, features) of one snapshot, ordered by id; unknown is NaN.

    `among` is SQL of the rows that are wanted. Columns of the matrix lie together in memory;
    beside it there are at no time more than one of them and some rows.
    """
    rows = f"from features.{entity_type} where as_of = date '{as_of}' and ({among})"
    count = query(con, f"select count(*) as rows {rows}")["rows"][0]
    key, begins = f"{entity_type}_id", 0
    columns = ", ".join([key, *(f'"{name}"::double as "{name}"' for name in names)])
    parts, matrix = [pl.Series(key, dtype=pl.String)], np.empty((count, len(names)), order="F")
    for piece in batches(con, f"select {columns} {rows}", ROWS_AT_ONCE):
        parts.append(piece[key])
        ends = begins + piece.height
        for place, name in enumerate(names):
            matrix[begins:ends, place] = piece[name].to_numpy()
        begins = ends
    ids = pl.concat(parts)
    order = ids.arg_sort().to_numpy()
    for column in matrix.T:
        column[:] = column[order]
    return ids.gather(order), matrix


def rows_at(
    con: duckdb.DuckDBPyConnection, entity_type: str, keys: pl.DataFrame, names: Sequence[str]
) -> pl.DataFrame:
    """Columns `names` of the rows of `features.<entity_type>` whose rowids are `keys.place`.

    They join the other columns of `keys`, in its order. Rows are picked by two or three
    columns first; a hundred more are then read for the few that are left.
    """
    con.register("_places", keys.select("place"))
    columns = ", ".join(["rowid as place", *(f'"{name}"' for name in names)])
    sql = f"select {columns} from features.{entity_type} where rowid in (from _places)"
    rows = query(con, sql)
    con.unregister("_places")
    return keys.join(rows, on="place", how="left", maintain_order="left").drop("place")


def to_matrix(frame: pl.DataFrame, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Named columns as a matrix (rows, names); null becomes NaN."""
    if not names:
        return np.empty((frame.height, 0))
    return frame.select(pl.col(*names).cast(pl.Float64)).to_numpy()
