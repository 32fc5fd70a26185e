"""What a picture says of each entity, its money counted a second time order by order."""

from __future__ import annotations

import random

import queries
from tests.schemas import empty_tables

KINDS = ("buyer", "merchant", "product", "creator", "live_session")
TABLES = {
    "staging.orders": ", ".join([*(f"{kind}_id varchar" for kind in KINDS), "paid_usd double"]),
    "rings.members": "ring_id varchar, entity_type varchar, entity_id varchar, role varchar",
    "rings.rings": "ring_id varchar, pack_title varchar, member_count bigint",
}


def test_money_is_of_the_orders_in_which_an_entity_has_that_part() -> None:
    """One id may be a shop's and a buyer's; nobody's is not money of an empty name."""
    draw = random.Random(7)
    rows = [
        [*(draw.choice(["a", "b", "c", "d", None]) for _ in KINDS), float(draw.randrange(1, 90))]
        for _ in range(400)
    ]
    drawn = [f"{kind}:{name}" for kind in KINDS for name in ("a", "b", "nobody")] + ["image:a"]
    paid: dict[str, float] = {}
    for *parties, usd in rows:
        for kind, name in zip(KINDS, parties, strict=True):
            paid[f"{kind}:{name}"] = paid.get(f"{kind}:{name}", 0.0) + usd
    with empty_tables(TABLES) as con:
        con.executemany("insert into staging.orders values (?, ?, ?, ?, ?, ?)", rows)
        con.execute("insert into rings.members values ('r1', 'buyer', 'a', 'member')")
        con.execute("insert into rings.rings values ('r1', 'Brushing', 9)")
        facts = queries.run(con, "pages/graph/node_facts", node_keys=[*drawn, drawn[0]])
    shown = dict(facts.select("node_key", "money_usd").iter_rows())
    assert shown == {node: paid.get(node) for node in drawn}
    assert sum(usd is not None for usd in shown.values()) == 10
    roles = facts.filter(facts["role"].is_not_null())
    assert roles.select("node_key", "ring_title", "member_count").rows() == [
        ("buyer:a", "Brushing", 9)
    ]
