"""What a row may not be beside the rows that it refers to, asked once these are there.

A delivery is asked the same when it is checked (`pipeline.inputs.sorting`). A batch comes
without the rest, so its rows are asked when they are laid over the build, in whose tables money
is in USD.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import queries
from pipeline.inputs.faults import EXAMPLES, Fault, Verdict, shown
from pipeline.inputs.rules import Outcome, link_rules, links
from pipeline.settings.inputs import InputSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

    from pipeline.inputs.rules import Link, Rule
    from queries.contract import RawTable

_COLUMN = re.compile(r'o\."?(\w+)"?')


def set_aside_impossible(
    con: duckdb.DuckDBPyConnection,
    table: RawTable,
    rows: str,
    owner_rows: Callable[[Link], str],
) -> list[Fault]:
    """Delete rows of the table `rows` that cannot be beside what they refer to; what is said.

    `owner_rows` is SQL of the rows that a link may lead to.
    """
    faults = []
    compared: set[str] = set()
    for link in links(table):
        if link.owner not in compared:
            compared.add(link.owner)
            owner = _in_minor_units(con, owner_rows(link))
            joined = f'{rows} as t join {owner} as o on t."{link.column}" = o."{link.key}"'
            for rule in _rules(con, table, link, owner):
                fault = _fault(con, table, rule, joined)
                faults += [fault] if fault else []
                _delete(con, table, rows)
    return faults


def _rules(
    con: duckdb.DuckDBPyConnection, table: RawTable, link: Link, owner: str
) -> Iterator[Rule]:
    """Those of which the build has all that they ask of the owner's row."""
    columns = {str(row[0]) for row in con.execute(f"describe from {owner}").fetchall()}
    for rule in link_rules(table, link.owner, InputSettings()):
        if rule.outcome is not Outcome.NOTE and set(_COLUMN.findall(rule.broken)) <= columns:
            yield rule


def _in_minor_units(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """A relation with each amount in minor units of its currency beside the one in USD."""
    names = {str(row[0]) for row in con.execute(f"describe {relation}").fetchall()}
    con.execute(queries.macros()["minor_per_unit"])
    amounts = [
        f"{one} / nullif(usd_per_unit, 0) * minor_per_unit(currency) "
        f"as {one.removesuffix('_usd')}_minor"
        for one in sorted(names)
        if one.endswith("_usd") and {"currency", "usd_per_unit"} <= names
    ]
    return f"(select {', '.join(['*', *amounts])} from ({relation}))"


def _fault(
    con: duckdb.DuckDBPyConnection, table: RawTable, rule: Rule, joined: str
) -> Fault | None:
    keys = ", ".join(f't."{name}"' for name in table.key)
    con.execute(
        f"create or replace temp table impossible as select {keys} from {joined} "
        f"where {rule.broken}"
    )
    count = queries.row_count(con, "impossible")
    if not count:
        return None
    readable = f"concat_ws(' ', {', '.join(table.key)})"
    first = con.execute(
        f"select {readable} as key from impossible order by key limit {EXAMPLES}"
    ).fetchall()
    examples = tuple(shown(row[0]) for row in first)
    words = (rule.found, rule.remedy, rule.why, examples)
    return Fault(table.name, rule.column, count, *words, verdict=Verdict.SET_ASIDE)


def _delete(con: duckdb.DuckDBPyConnection, table: RawTable, rows: str) -> None:
    same = " and ".join(f'i."{name}" = t."{name}"' for name in table.key)
    con.execute(
        f"delete from {rows} as t where exists (select 1 from impossible as i where {same})"
    )
