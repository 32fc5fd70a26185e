"""A Spark Connect server without Java, and tables held against each other."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from queries import Query

ENGINE = os.environ.get("RINGFENCE_TEST_ENGINE", "")
"""Address of the engine that the tests ask, as `make spark` sets it; Sail where it is empty."""


@contextmanager
def sail() -> Iterator[str]:
    """The address of a server of Sail, in this process, for as long as the block lasts."""
    os.environ.setdefault("RUST_LOG", "error")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    try:
        yield f"sc://{host}:{port}"
    finally:
        server.stop()


def differences(
    con: duckdb.DuckDBPyConnection, query: Query, sides: tuple[str, str], tolerance: float = 1e-9
) -> dict[str, int]:
    """By column the rows in which two relations with the columns of a query differ.

    Rows are matched by its grain; those of one side alone are under `rows`. Doubles may differ
    by `tolerance` of their size, anything else not at all.
    """
    keys = query.grain or ("1",)
    on = " and ".join(f"own.{key} is not distinct from other.{key}" for key in query.grain)
    counts = ", ".join(
        f'count(*) filter (where {_differs(one.name, one.type, tolerance)}) as "{one.name}"'
        for one in query.returns
    )
    own, other = (f"(select *, 1 as side from {relation})" for relation in sides)
    sql = (
        "select count(*) filter (where own.side is null or other.side is null) as rows, "
        f"{counts} from {own} as own full join {other} as other on {on or 'true'}"
    )
    found = con.execute(sql)
    names = [column[0] for column in found.description or ()]
    values = found.fetchall()[0]
    twice = f"select count(*) - count(distinct ({', '.join(keys)})) from {sides[1]}"
    copies = con.execute(twice).fetchall()[0][0] if query.grain else 0
    counted = {"copies": copies, **dict(zip(names, values, strict=True))}
    return {name: count for name, count in counted.items() if count}


def _differs(name: str, kind: str, tolerance: float) -> str:
    own, other = f'own."{name}"', f'other."{name}"'
    if kind == "double":
        near = f"abs({own} - {other}) <= {tolerance} * greatest(1, abs({other}))"
        return f"{own} is distinct from {other} and not coalesce({near}, false)"
    if kind.endswith("[]"):
        gaps = f"list_transform(list_zip({own}, {other}), lambda x: abs(x[1] - x[2]))"
        unequal = f"len({own}) is distinct from len({other})"
        return f"{unequal} or list_max({gaps}) > {tolerance}"
    return f"{own} is distinct from {other}"


def types(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The type of each column of a relation, as a header writes it."""
    rows: Sequence[tuple[str, str]] = con.execute(f"describe from {relation}").fetchall()
    return {row[0]: row[1].lower() for row in rows}
