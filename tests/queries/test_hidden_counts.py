"""How many neighbours a drawing leaves out, counted a second time from a list of ties."""

from __future__ import annotations

import random

import queries
from tests.schemas import empty_tables

TABLES = {"graph.edges": "src varchar, dst varchar, relation varchar"}


def ties() -> set[tuple[str, str, str]]:
    """Three relations at random among 40 accounts: many pairs are tied twice."""
    draw = random.Random(5)
    pairs = [sorted(draw.sample(range(40), 2)) for _ in range(300)]
    relations = ("shares_device", "shares_ip", "bought_from")
    return {(f"buyer:b{a:02d}", f"buyer:b{b:02d}", draw.choice(relations)) for a, b in pairs}


def test_everybody_tied_to_a_node_and_not_drawn_is_counted_once() -> None:
    """Whichever end of a tie a node is, and however many ties it has with the same one."""
    rows = ties()
    drawn = [f"buyer:b{number:02d}" for number in range(0, 40, 3)] + ["buyer:nobody"]
    partners: dict[str, set[str]] = {}
    for src, dst, _ in rows:
        partners.setdefault(src, set()).add(dst)
        partners.setdefault(dst, set()).add(src)
    hidden = {node: len(partners.get(node, set()) - {*drawn}) for node in drawn}
    with empty_tables(TABLES) as con:
        con.executemany("insert into graph.edges values (?, ?, ?)", sorted(rows))
        counts = queries.run(con, "pages/graph/hidden_counts", node_keys=drawn)
        nobody = queries.run(con, "pages/graph/hidden_counts", node_keys=[])
    assert dict(counts.iter_rows()) == {node: count for node, count in hidden.items() if count}
    assert sum(hidden.values()) > 50
    assert nobody.is_empty()
