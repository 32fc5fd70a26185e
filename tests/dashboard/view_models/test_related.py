"""Whom a subject dealt with, and whom it shares things with, in cards."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.view_models.related import related_groups, tied_group
from tests.dashboard import tiny_database as tiny


def _row(**own: Any) -> dict[str, Any]:
    base = {"entity_type": "buyer", "entity_id": "buy_1", "name": "Ann", "market": "ID"}
    sold = {"orders": 1, "gmv_usd": 20.0, "share": 0.5, "score_band": None, "others": 7}
    return {**base, **sold, **own}


def test_a_card_a_kind_in_their_order() -> None:
    """Shops before buyers, however the rows come; how many there are in all stands beside."""
    groups = related_groups(pl.DataFrame([_row(), _row(entity_type="merchant", entity_id="mer_1")]))
    assert [group.title for group in groups] == ["Shops", "Buyers"]
    assert groups[1].others == 7
    assert groups[1].subjects[0].said == "1 order, $20, 50%"


def test_only_a_band_that_says_something_is_a_badge() -> None:
    """Nearly everybody is low."""
    rows = [_row(score_band=band, entity_id=band) for band in ("LOW", "CRIT")]
    low, critical = related_groups(pl.DataFrame(rows))[0].subjects
    assert (low.band, critical.band, critical.tone) == ("", "Critical", "red")


def test_ties_to_other_markets_are_not_named() -> None:
    """To a viewer of one market there is nobody."""
    row = _row(node_key="merchant:mer_9", entity_type="merchant", weight=1.0, hidden_count=3)
    rows = pl.DataFrame([{**row, "name": tiny.HOSTILE}])
    assert tied_group(rows, ["SG"]) is None
    group = tied_group(rows, [])
    assert group is not None
    assert (group.others, group.subjects[0].said) == (3, "Shop")
    assert "\n" not in group.subjects[0].name
