"""Rows are ordered alike in every build; features are read."""

from __future__ import annotations

import hashlib

import duckdb

import queries
from pipeline.tables import feature_names, hash_of
from tests.pipeline import tiny


def test_rows_are_hashed_by_md5_alone() -> None:
    """What anybody's md5 says, so no version of the database can order them anew."""
    with duckdb.connect() as con:
        digits = queries.scalar(
            con, f"select {hash_of('buyer_id')} from (select 'buy_000001' as buyer_id)"
        )
    assert digits == hashlib.md5(b"buy_000001", usedforsecurity=False).hexdigest()[8:16]


def test_features_are_found_in_the_table() -> None:
    """Every numeric column is a feature; id and day are not."""
    names = feature_names(tiny.build(), "merchant")
    assert "order_count_30d" in names
    assert not {"merchant_id", "as_of"} & set(names)
