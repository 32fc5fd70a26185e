"""What SQL asks of a cluster: no product of two tables, and no numbering of all rows that is new.

A cross join multiplies with one row or with a few that stand in the text. A window that is not
partitioned runs in one task.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlglot import exp

import queries
from pipeline.engines.macros import without_macros
from pipeline.engines.steps import engine_steps
from pipeline.engines.translation import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_ONE_TASK = {
    "facts/entity_keys": 1,
    "facts/listing_titles": 1,
    "facts/order_facts": 1,
    "graph/edges": 2,
    "graph/lockstep_visits": 2,
    "graph/nodes": 2,
    "similarity/shared_identifier_neighbours": 2,
}
"""Windows over a whole table: they give each name a number, 98 s for 20 million on Spark."""


def test_no_window_more_runs_over_a_whole_table() -> None:
    """Those that do are counted; a new one has to be partitioned."""
    counts = Counter(
        name
        for name in engine_steps()
        for window in without_macros(queries.get(name).sql).find_all(exp.Window)
        if window.args.get("order") and not window.args.get("partition_by")
        if not isinstance(window.this, exp.Identifier)
    )
    assert counts == IN_ONE_TASK


@pytest.mark.parametrize("name", engine_steps())
def test_a_cross_join_multiplies_with_few_rows(name: str) -> None:
    """One of both sides has one row, or reads no table."""
    tree = without_macros(queries.get(name).sql)
    steps = {step.alias: step.this for step in tree.find_all(exp.CTE)}
    for join in _cross_joins(tree):
        source = join.parent.args["from_"].this if join.parent else None
        sides = [steps.get(one.name, one.this) for one in (join.this, source) if one is not None]
        assert any(map(_is_small, sides)), join.sql()


def test_a_step_that_two_read_is_made_once() -> None:
    """Spark would make it once for each of them."""
    sql = """
    with
    sums as (select k, sum(v) as total from hand.made group by k),
    most as (select max(total) as most from sums)
    select s.k from sums as s inner join most as m on s.total = m.most
    """
    schema = {"hand": {"made": {"k": "varchar", "v": "bigint"}}}
    step, table = translated("hand.best", sql, schema, {"k": "varchar"}, {})
    assert (step.view, table.view) == ("hand__best__sums", "hand__best")
    assert "SUM(" not in table.sql
    assert table.sql.count(step.view) == 2


def _cross_joins(tree: exp.Expr) -> Iterator[exp.Join]:
    for join in tree.find_all(exp.Join):
        if not join.args.get("on") and not join.args.get("using"):
            yield join


def _is_small(rows: exp.Expr | None) -> bool:
    """Whether a relation has one row, or only rows that stand in the text."""
    if rows is None or not rows.find(exp.Table):
        return True
    is_total = isinstance(rows, exp.Select) and not rows.args.get("group")
    return is_total and all(
        one.find(exp.AggFunc) and not one.find(exp.Window) for one in rows.expressions
    )
