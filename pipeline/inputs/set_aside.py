"""Rows that are kept out of every table, with what they held and why.

One erased account or one slow clock of a carrier is no reason to build nothing: the row is set
aside, and so is whatever refers to it. `aside.<table>` holds the keys while a delivery is
checked, and the view `raw.<table>` passes over them; `meta.set_aside` is what stays of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import queries
from pipeline.inputs.csv_reading import reason
from pipeline.inputs.raw_views import Delivered, View, make_view
from pipeline.inputs.rules import AS_DELIVERED, Link, Outcome, Rule, orphan_rule
from queries.literals import quoted

if TYPE_CHECKING:
    import duckdb

    from queries.contract import RawColumn

SCHEMA = "aside"
TABLE = "meta.set_aside"
"""Columns: `raw_table`, `row_key` (or the line of a file), `column_name`, `reason`, and
`raw_values`, the row as JSON of texts; a row that breaks two rules stands there twice."""
ASIDE, LEFT_OUT, COPY = "set aside", "left out", "copy"
"""What becomes of a row: a fault; later than the day of the build; one of several that are the
same, of which one stays."""
_COLUMNS = "outcome varchar, column_name varchar, reason varchar, raw_values varchar"


@dataclass
class Aside:
    """What is set aside of one table."""

    con: duckdb.DuckDBPyConnection
    delivered: Delivered
    whole: View
    """Its typed view with every row."""
    has_once: bool = False
    """Whether its rows were copied, each once."""

    @property
    def name(self) -> str:
        """Its table in SQL."""
        return f"{SCHEMA}.{self.delivered.name}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Key columns in SQL, of a row `t`."""
        return tuple(f't."{name}"' for name in self.delivered.table.key)

    @property
    def readable_key(self) -> str:
        """SQL of the key of a row `t` as a person may read it."""
        return f"concat_ws(' ', {', '.join(f'cast({key} as varchar)' for key in self.keys)})"

    def begin(self) -> None:
        """Make the table, empty but for lines of a file that are no rows."""
        columns = self.delivered.table.columns
        keys = ", ".join(f'"{key}" {columns[key].type}' for key in self.delivered.table.key)
        self.con.execute(f"create or replace table {self.name} ({keys}, {_COLUMNS})")
        no_key = ", ".join("null" for _ in self.keys)
        for line in self.delivered.lines:
            self.con.execute(
                f"insert into {self.name} values ({no_key}, '{ASIDE}', '', ?, ?)",
                [reason(line), line.text],
            )

    def put(self, relation: str, rule: Rule) -> None:
        """Add the rows of a relation that break a rule.

        The volatile half of the condition keeps the database from passing over parts of a file
        whose smallest and largest value are in order: a number that is none has no place there.
        """
        is_fault = rule.outcome is not Outcome.LEFT_OUT
        of_scan = AS_DELIVERED in relation
        outcome, values = (ASIDE, self._values(of_scan)) if is_fault else (LEFT_OUT, "null")
        self.con.execute(
            f"insert into {self.name} select {', '.join(self.keys)}, '{outcome}', "
            f"{quoted(rule.column)}, {quoted(rule.found)}, {values} "
            f"from {relation} where ({rule.broken}) or random() < 0"
        )

    def put_copies(self) -> None:
        """Of rows that are the same to the letter keep one, and note the others."""
        raw, keys = f"raw.{self.delivered.name}", ", ".join(self.keys)
        column = quoted(", ".join(self.delivered.table.key))
        self.con.execute(
            f"insert into {self.name} select * exclude (place) from (select {keys}, "
            f"'{COPY}', {column}, 'duplicate key', any_value({self._values()}), "
            f"unnest(range(count(*) - 1)) as place "
            f"from {raw} as t group by {keys} having count(*) > 1)"
        )
        self.con.execute(f"create or replace table {self._once} as select distinct * from {raw}")
        self.has_once = True

    def pass_over(self) -> None:
        """Leave what is set aside or left out out of the view."""
        ours = zip(self.delivered.table.key, self.keys, strict=True)
        same = " and ".join(f'a."{name}" = {key}' for name, key in ours)
        whole = " and ".join(f"{key} is not null" for key in self.keys)
        gone = f"select 1 from {self.name} as a where a.outcome <> '{COPY}' and {same}"
        once = self._once if self.has_once else ""
        rows = f"{whole} and not exists ({gone})"
        make_view(self.con, self.delivered, replace(self.whole, rows=rows, once=once))

    def count(self, outcome: str) -> int:
        """Rows of an outcome, each once whatever it breaks; a copy is set aside."""
        keys = ", ".join(self.keys)
        whole = " and ".join(f"{key} is not null" for key in self.keys)
        rows = f"select distinct {keys}, if({whole}, null, raw_values) from {self.name} as t"
        count = queries.scalar(
            self.con, f"select count(*) from ({rows} where outcome = '{outcome}')"
        )
        if outcome != ASIDE:
            return int(count)
        return int(count) + self.count_copies()

    def count_copies(self) -> int:
        """Rows that are the same as another one, which stays."""
        sql = f"select count(*) from {self.name} where outcome = '{COPY}'"
        return int(queries.scalar(self.con, sql))

    def forget(self) -> None:
        """Keep every row after all."""
        self.con.execute(f"delete from {self.name}")
        make_view(self.con, self.delivered, self.whole)

    @property
    def _once(self) -> str:
        return f'{SCHEMA}."{self.delivered.name} once"'

    def _values(self, of_scan: bool = False) -> str:
        """SQL of a row `t` as JSON of texts, as it was delivered where a scan has that too."""
        columns = self.delivered.table.columns.values()
        values = ", ".join(
            f'"{column.name}" := cast(t."{column.name}{self._suffix(column, of_scan)}" as varchar)'
            for column in columns
        )
        return f"cast(to_json(struct_pack({values})) as varchar)"

    def _suffix(self, column: RawColumn, of_scan: bool) -> str:
        return AS_DELIVERED if of_scan and self.delivered.may_fail(column) else ""


def ids_left_out(link: Link) -> str:
    """A query of the ids of a table that lie after the day of the build."""
    rows = f"from {SCHEMA}.{link.owner} where outcome = '{LEFT_OUT}'"
    return f'select "{link.key}" {rows} and "{link.key}" is not null'


def ids_gone(link: Link) -> str:
    """SQL of the ids of a table that are no longer in it, and whether a fault is why."""
    return (
        f"(select \"{link.key}\" as id, bool_or(outcome = '{ASIDE}') as is_fault "
        f"from {SCHEMA}.{link.owner} where outcome <> '{COPY}' group by 1)"
    )


def rules_behind(link: Link) -> list[Rule]:
    """What a reference may lead to where its table lacks rows: to nothing, or to one of them."""
    orphan, about = orphan_rule(link), f"{link.condition} and a.id is not null"
    found = f"refers to a row of {link.owner} that is set aside"
    remedy = f"It comes back when {link.owner} is mended."
    return [
        replace(orphan, broken=f"{orphan.broken} and a.id is null"),
        Rule(link.column, f"{about} and a.is_fault", found, remedy, outcome=Outcome.FOLLOWS),
        Rule(link.column, f"{about} and not a.is_fault", found, "", outcome=Outcome.LEFT_OUT),
    ]


def write_set_aside(con: duckdb.DuckDBPyConnection, tables: list[Delivered]) -> int:
    """Make `meta.set_aside` of the tables with rows set aside; returns its rows."""
    con.execute("create schema if not exists meta")
    con.execute(
        f"create or replace table {TABLE} (raw_table varchar, row_key varchar, "
        "column_name varchar, reason varchar, raw_values varchar)"
    )
    for delivered in tables:
        aside = Aside(con, delivered, View())
        con.execute(
            f"insert into {TABLE} select '{delivered.name}', {aside.readable_key}, column_name, "
            f"reason, raw_values from {aside.name} as t where outcome <> '{LEFT_OUT}' order by all"
        )
    return queries.row_count(con, TABLE)
