"""Things on a picture: what travels to the browser, and what is said of them."""

from __future__ import annotations

import polars as pl

from dashboard.components.graph_things import noted

NODES = pl.DataFrame(
    {
        "node_key": ["buyer:b1", "buyer:b2", "ip:office", "image:img_1"],
        "entity_type": ["buyer", "buyer", "ip", "image"],
        "degree": [None, None, 30, 2],
        "is_hub": [None, None, True, False],
    }
)
LINKS = pl.DataFrame({"src": ["buyer:b1", "buyer:b2"], "dst": ["ip:office", "ip:office"]})


def test_a_hub_says_that_it_says_little() -> None:
    """With how many of its users are drawn; its size is their part."""
    shown = noted(NODES, LINKS)
    assert shown["note"].to_list()[:2] == [None, None]
    assert shown["note"][2].startswith("2 of its 30 users are drawn: so many")
    assert shown["note"][3] == "0 of its 2 users are drawn"
    assert shown["user_share"].to_list() == [None, None, 1.0, 0.0]
