"""The graph of the small marketplace: links stand where nodes say, and rest on rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries
from tests.laws.asking import rows

if TYPE_CHECKING:
    import duckdb

SAMPLED = 3
"""Links of each relation that are followed to their rows."""


def test_links_stand_where_their_node_says(con: duckdb.DuckDBPyConnection) -> None:
    """A store reads rows by their place: one in a wrong place would be somebody else's tie."""
    astray = """
        from graph.adjacency as a join graph.nodes as n using (node_number)
        where a.rowid < n.first_row or a.rowid >= n.first_row + n.degree
    """
    assert rows(con, astray).is_empty()
    assert rows(con, "from graph.nodes where rowid <> node_number").is_empty()
    ends = rows(con, "select sum(degree) as links from graph.nodes").item()
    assert ends == rows(con, "from graph.adjacency").height == 2 * rows(con, LINKS).height


LINKS = "from graph.node_links"


def test_a_link_rests_on_as_many_rows_as_it_says(con: duckdb.DuckDBPyConnection) -> None:
    """One click from every link to what was recorded."""
    sampled = f"""
        {LINKS} qualify row_number() over (
            partition by relation order by evidence_count desc, md5(src || dst)
        ) <= {SAMPLED}
    """
    links = rows(con, sampled)
    assert links["relation"].n_unique() > 10
    for link in links.iter_rows(named=True):
        ends = {name: link[name] for name in ("src", "dst", "relation")}
        behind = queries.run(con, "pages/graph/rows_behind", **ends, limit=1000)
        assert behind.height == link["evidence_count"], ends
        assert behind["happened_at"].min() == link["first_seen_at"], ends
        assert behind["happened_at"].max() == link["last_seen_at"], ends


def test_a_tie_of_two_rests_on_rows_of_both(con: duckdb.DuckDBPyConnection) -> None:
    """What two accounts share is in the rows of the one and of the other."""
    ties = rows(con, "from graph.edges where relation like 'shares_%' order by all limit 5")
    for tie in ties.iter_rows(named=True):
        ends = {name: tie[name] for name in ("src", "dst", "relation")}
        behind = queries.run(con, "pages/graph/rows_behind", **ends, limit=1000)
        assert {tie["src"], tie["dst"]} <= set(behind["node"]), ends
