"""Arrived rows laid over the staging tables of the served build.

A row that arrives replaces the one of the same key, in the build or before it: an order that is
paid now, a parcel that was delivered. What refers to a row that nobody has sent yet waits for it.
"""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.inputs.faults import EXAMPLES, Fault, Verdict, shown
from pipeline.inputs.ingest import DELIVERED_LABEL
from pipeline.inputs.placeholders import Owner, placeholder_references
from pipeline.inputs.rules import links
from pipeline.live.beside_owners import set_aside_impossible
from queries.contract import raw_tables

if TYPE_CHECKING:
    import duckdb

    from pipeline.inputs.rules import Link
    from queries.contract import RawTable

_SUBJECT_COLUMNS = ("merchant", "creator", "product", "buyer")
_ORDERS = "(from staging.orders union all by name from staging.unpaid_orders)"
_OF_PARENT = {
    "order_id": (_ORDERS, "merchant", "creator", "product", "buyer"),
    "live_session_id": ("staging.live_sessions", "merchant", "creator"),
    "product_id": ("staging.products", "merchant"),
    "video_id": ("staging.videos", "creator"),
}
"""Whom a row touches through the row that it refers to."""
_PAIRS = (("account_type", "account_id"), ("entity_type", "entity_id"))


class Overlay:
    """Tables `staging.<table>`: the served ones, with the arrived rows in their place.

    A table is copied when its first row arrives; after that a batch costs its own rows.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        for schema in ("waiting", "changed"):
            con.execute(f"create schema if not exists {schema}")
        for name in queries.names("staging/"):
            table = queries.get(name).table
            con.execute(f"create or replace view {table} as from served.{table}")
        self._arrived: set[str] = set()
        self._unlaid: set[str] = set()
        self._faults: list[Fault] = []
        self.changed: set[str] = set()
        """Staging tables with other rows than before: those that went and those that came are in
        `changed.<table>`."""

    def take(self, table: str, rows: pl.DataFrame) -> None:
        """Add rows of a contract table, in place of earlier ones of the same keys."""
        contract = raw_tables()[table]
        self._con.register("_rows", self._without_placeholders(contract, rows))
        if table not in self._arrived:
            self._begin(table)
        for schema in ("raw", "waiting"):
            key = _same_key(contract, "_rows", f"{schema}.{table}")
            self._con.execute(
                f"delete from {schema}.{table} where exists (select 1 from _rows where {key})"
            )
            self._con.execute(f"insert into {schema}.{table} by name from _rows")
        self._con.unregister("_rows")
        self._unlaid.add(table)

    def lay(self) -> list[Fault]:
        """Put what came, and what waited for it, into its tables, owners before what refers.

        Returns what is said of rows that cannot be beside those they refer to.
        """
        self._faults = []
        for name in _by_owner():
            owners = {link.owner for link in links(raw_tables()[name])}
            if name in self._arrived and self._unlaid & {name, *owners} and self._lay_table(name):
                self._unlaid.add(name)
        self._unlaid = set()
        return self._faults

    def settle(self) -> None:
        """What changed until now has been read."""
        for table in self.changed:
            self._con.execute(f"truncate changed.{table.partition('.')[2]}")
        self.changed.clear()

    def waiting(self) -> list[Fault]:
        """Arrived rows that refer to what nobody has sent yet, by table and column."""
        return [
            fault
            for name in sorted(self._arrived)
            for link in links(raw_tables()[name])
            if (fault := self._lacking(name, link))
        ]

    def rows_waiting(self) -> int:
        """How many arrived rows are not laid yet."""
        return sum(queries.row_count(self._con, f"waiting.{name}") for name in self._arrived)

    def _lacking(self, name: str, link: Link) -> Fault | None:
        value = f'cast(t."{link.column}" as varchar)'
        count, examples = self._con.execute(
            f"select count(*), min(distinct {value}, {EXAMPLES}) from waiting.{name} as t "
            f"where not {self._is_there(link)}"
        ).fetchall()[0]
        if not count:
            return None
        found = f"waits for rows of {link.owner} that nobody has sent"
        remedy = f"Send them as a batch of {link.owner}; the next build sets aside what has none."
        shown_ids = tuple(map(shown, examples))
        verdict = Verdict.SET_ASIDE
        return Fault(name, link.column, count, found, remedy, "", shown_ids, verdict=verdict)

    def _without_placeholders(self, table: RawTable, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows in which what stands for nobody is nobody."""
        self._con.register("_rows", rows)
        words = "select value from served.staging.placeholders where reason = 'delivered'"
        for link in links(table):
            if table.columns[link.column].nullable:
                owner = Owner(f"({self._ids(link.owner, link.key)})", words)
                values = placeholder_references(self._con, "_rows", link, owner)
                known = ~pl.col(link.column).is_in(values)
                rows = rows.with_columns(pl.when(known).then(link.column).alias(link.column))
        self._con.unregister("_rows")
        return rows

    def touched(self, table: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Whom rows of a contract table are about, themselves or through what they refer to.

        `rows` have `event_at` besides; returns entity_type, entity_id and the latest event_at.
        """
        columns = raw_tables()[table].columns
        self._con.register("_rows", rows)
        parts = [
            f"select '{one}' as entity_type, {one}_id as entity_id, event_at from _rows"
            for one in _SUBJECT_COLUMNS
            if f"{one}_id" in columns
        ]
        parts += [
            f"select {kind}, {key}, event_at from _rows"
            for kind, key in _PAIRS
            if {kind, key} <= set(columns)
        ]
        for column, (parent, *kinds) in _OF_PARENT.items():
            if column in columns:
                parts += [
                    f"select '{one}', p.{one}_id, event_at from _rows as t "
                    f"inner join {parent} as p on t.{column} = p.{column}"
                    for one in kinds
                ]
        parts.append("select null::varchar, null::varchar, event_at from _rows where false")
        union = " union all ".join(parts)
        found: pl.DataFrame = self._con.sql(
            "select entity_type, entity_id, max(event_at) as event_at "
            f"from ({union}) as every(entity_type, entity_id, event_at) "
            "where entity_id is not null group by entity_type, entity_id"
        ).pl()
        self._con.unregister("_rows")
        return found

    def _begin(self, name: str) -> None:
        """Tables for the arrived rows `_rows` of a contract table, and copies to lay them in."""
        for schema in ("raw", "waiting"):
            self._con.execute(f"create table {schema}.{name} as from _rows limit 0")
        for table in _staged_from(name):
            self._con.execute(f"drop view staging.{table}")
            self._con.execute(f"create table staging.{table} as from served.staging.{table}")
            self._con.execute(f"create table changed.{table} as from staging.{table} limit 0")
        self._arrived.add(name)

    def _lay_table(self, name: str) -> bool:
        """Lay the rows that wait for nothing any more; whether there are any."""
        contract = raw_tables()[name]
        whole = f"select * from waiting.{name} as t where {self._is_whole(name)}"
        self._con.execute(f"create or replace table arrived.{name} as {whole}")
        if not queries.row_count(self._con, f"arrived.{name}"):
            return False
        key = _same_key(contract, "t", "w")
        self._con.execute(
            f"delete from waiting.{name} as w where exists "
            f"(select 1 from arrived.{name} as t where {key})"
        )
        self._faults += set_aside_impossible(self._con, contract, f"arrived.{name}", _owner_rows)
        for table in _staged_from(name):
            self._put(contract, table)
            self.changed.add(f"staging.{table}")
        return True

    def _put(self, contract: RawTable, table: str) -> None:
        """Rows of `arrived` into a staging table, in place of those of the same keys."""
        query = queries.get(f"staging/{table}")
        queries.define_macros(self._con, query)
        more = f", {DELIVERED_LABEL}" if contract.name == "labels" else ""
        rows = f"(select t.*{more} from arrived.{contract.name} as t)"
        sql = query.sql.replace(f"from raw.{contract.name}", f"from {rows}")
        key = _same_key(contract, "t", "s")
        old = f"exists (select 1 from arrived.{contract.name} as t where {key})"
        self._con.execute(
            f"insert into changed.{table} select * from staging.{table} as s where {old}"
        )
        self._con.execute(f"delete from staging.{table} as s where {old}")
        self._con.execute(f"insert into staging.{table} by name {sql}")
        self._con.execute(
            f"insert into changed.{table} select * from staging.{table} as s where {old}"
        )

    def _is_whole(self, table: str) -> str:
        """SQL: whether what a row `t` refers to is there."""
        tests = [self._is_there(link) for link in links(raw_tables()[table])]
        return " and ".join(tests) or "true"

    def _is_there(self, link: Link) -> str:
        return (
            f'(not ({link.condition}) or t."{link.column}" is null '
            f'or t."{link.column}" in ({self._ids(link.owner, link.key)}))'
        )

    def _ids(self, owner: str, key: str) -> str:
        parts = [f"select {key} from served.staging.{one}" for one in _staged_from(owner)]
        if owner in self._arrived:
            parts.append(f"select {key} from raw.{owner}")
        return " union all ".join(parts)


def _owner_rows(link: Link) -> str:
    """SQL of the rows that a link may lead to."""
    return " union all by name ".join(f"from staging.{one}" for one in _staged_from(link.owner))


def _same_key(table: RawTable, one: str, other: str) -> str:
    return " and ".join(f'{one}."{key}" = {other}."{key}"' for key in table.key)


@cache
def _staged_from(table: str) -> tuple[str, ...]:
    """The staging tables whose rows are those of a contract table."""
    key = set(raw_tables()[table].key)
    return tuple(
        name.partition("/")[2]
        for name in queries.names("staging/")
        if f"raw.{table}" in queries.reads(name)
        and key <= {column.name for column in queries.get(name).returns}
    )


@cache
def _by_owner() -> tuple[str, ...]:
    """Contract tables, each after those it refers to."""
    graph = {
        name: {link.owner for link in links(table)} - {name} for name, table in raw_tables().items()
    }
    return tuple(TopologicalSorter(graph).static_order())
