"""The number, the rows behind it, and whether they agree."""

from __future__ import annotations

import polars as pl

from dashboard.view_models import words
from dashboard.view_models.evidence import (
    MOST,
    EvidenceView,
    Values,
    columns_read,
    entity_columns,
    shown_columns,
    telling_first,
)
from queries import get
from queries.catalogue import features
from queries.vocabulary import ENTITY_TYPES
from tests.dashboard import tiny_database as tiny


def test_evidence_that_recomputes_another_value_warns() -> None:
    """A stored number its rows do not support must not be relied on."""
    rows = pl.DataFrame({"order_id": ["ord_1"], "note": [tiny.OVERRIDE]})
    wrong = EvidenceView.of("merchant", "orders_7d", rows, Values(3.0, 1.0, 2.0))
    right = EvidenceView.of("merchant", "orders_7d", rows, Values(1.0, 1.0, 2.0))
    unknown = EvidenceView.of("merchant", "orders_7d", rows.head(0), Values(None, None, 2.0))
    assert right.verdict == "Recomputed from these rows: same value."
    assert unknown.verdict == "Too little history for a value."
    assert "Do not rely" in wrong.verdict
    assert right.table["note"][0] == "abc[U+202E]gnp.exe"


def test_an_evidence_page_beyond_the_end_is_the_last_one() -> None:
    """A stale page number still shows rows."""
    rows = pl.DataFrame({"order_id": [f"ord_{i}" for i in range(60)]})
    view = EvidenceView.of("merchant", "orders_7d", rows, Values(60.0, 60.0, 2.0), page=99)
    assert (view.page, view.pages, len(view.table)) == (3, 3, 10)


def test_what_a_feature_is_made_of_is_on_the_screen() -> None:
    """Of every feature of every type: each column that its value reads, and few besides."""
    for entity_type in ENTITY_TYPES:
        for feature in features(entity_type).values():
            columns = [column.name for column in get(feature.rows).returns]
            shown = shown_columns([feature], columns)
            read = columns_read([feature]) & set(columns)
            assert read <= set(shown), feature.name
            assert len(shown) <= max(MOST, len(read) + 1), feature.name
            assert [name for name in columns if name in shown] == shown, feature.name


def test_an_entity_is_named_once_and_by_its_type() -> None:
    """The name that stands beside an id makes way for the link, a name of another thing stays."""
    orders = features("merchant")["orders_30d"]
    shop = ["order_id", "sibling_id", "name", "partner_id", "paid_usd"]
    assert shown_columns([orders], shop) == ["order_id", "sibling_id", "partner_id", "paid_usd"]
    assert shown_columns([orders], ["event_id", "name"]) == ["name"]
    assert entity_columns("merchant", shop) == {"sibling_id": "merchant", "partner_id": "creator"}


def test_rows_that_count_come_first() -> None:
    """Those of which a flag that the value reads is true; the others keep their order."""
    rows = pl.DataFrame({"id": [1, 2, 3, 4], "is_late": [0, 1, None, 1], "is_young": [1, 0, 0, 0]})
    assert telling_first(rows, {"is_late"})["id"].to_list() == [2, 4, 1, 3]
    assert telling_first(rows, {"id"})["id"].to_list() == [1, 2, 3, 4]


def test_every_signal_of_every_pack_leads_to_rows() -> None:
    """Its condition reads at least one feature, and each of them has rows."""
    for code, pack in words.known_packs().items():
        for signal in pack.signals:
            assert words.signal_features(signal.entity_type, code, signal.code), signal.code
