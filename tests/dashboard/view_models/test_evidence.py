"""The number, the rows behind it, and whether they agree."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.evidence import EvidenceView, Values
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
