"""DuckDB's parser says which tables a statement reads, wherever they are hidden."""

from __future__ import annotations

import pytest

from queries import sql_tree


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1", set()),
        ("select * from facts.orders as o join days.order_days using (day)", None),
        ("with a as (select * from facts.orders) select * from a, days.order_days", None),
        ("select (select max(day) from days.order_days) from facts.orders", None),
        ("select 1 from facts.orders union all select 2 from days.order_days", None),
        ("select 'from facts.secret' from facts.orders, days.order_days -- facts.other", None),
    ],
)
def test_tables_with_a_schema_are_found(sql: str, expected: set[str] | None) -> None:
    """In joins, CTEs, subqueries and unions; not in texts, comments and names of CTEs."""
    both = {"facts.orders", "days.order_days"}
    assert sql_tree.tables(sql) == (both if expected is None else expected)


def test_parents_stand_before_their_children() -> None:
    """The first node is the whole tree."""
    nodes = sql_tree.nodes("select a + 1 from facts.orders")
    assert "statements" in nodes[0]
    names = [node["column_names"] for node in nodes if node.get("class") == "COLUMN_REF"]
    assert names == [["a"]]


def test_what_does_not_parse_is_said() -> None:
    """The parser's own words are passed on."""
    with pytest.raises(ValueError, match="syntax error"):
        sql_tree.nodes("select from where")
