"""Whom a subject dealt with, and whom it shares things with, in cards."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard.view_models.related import related_groups, sibling_group
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


def test_a_sibling_says_what_it_shares() -> None:
    """The kinds of identifiers in words; a hostile name on one line; how many there are in all."""
    row = {
        "sibling_key": "merchant:mer_9",
        "entity_type": "merchant",
        "entity_id": "mer_9",
        "name": tiny.HOSTILE,
        "relations": ["bank_account", "device"],
        "score_band": "HIGH",
        "others": 3,
    }
    group = sibling_group(pl.DataFrame([row]))
    assert group is not None
    (one,) = group.subjects
    assert (group.title, group.others, one.key) == ("Siblings", 3, "merchant:mer_9")
    assert one.said == "Shop, same bank account and same device"
    assert (one.band, one.tone) == ("High", "orange")
    assert "\n" not in one.name
    assert sibling_group(pl.DataFrame([row]).clear()) is None
