"""How well one serves, in a sentence."""

from __future__ import annotations

import polars as pl

from dashboard.view_models.service import index_sentence


def test_the_service_index_is_one_sentence() -> None:
    """How well, among whom, and what is worst."""
    row = {"entity_type": "merchant", "category": "Food", "service_index": 71.6, "parts": 8,
           "peers": 29, "worst_part": "late_dispatch_share_30d"}  # fmt: skip
    sentence = index_sentence(pl.DataFrame([row]))
    assert sentence.startswith("Service 72 of 100 among 29 Food peers, by 8 measures; worst: ")
    assert index_sentence(pl.DataFrame()) == ""
