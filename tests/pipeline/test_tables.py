"""Rows are ordered alike in every build; features are read."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import numpy as np

import queries
from pipeline import tables
from pipeline.tables import feature_names, hash_of, read_features
from tests.pipeline import tiny

if TYPE_CHECKING:
    import pytest


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


def test_a_snapshot_is_read_in_pieces_and_ordered_by_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the order of the file, with NaN for what is unknown and without other days."""
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 1000)
    day, other = date(2026, 6, 1), date(2026, 6, 2)
    with duckdb.connect() as con:
        con.execute("create schema features")
        con.execute(
            """
            create table features.buyer as
            select
                'b' || lpad((i * 7919 % 5000)::varchar, 4, '0') as buyer_id,
                if(i < 4990, $day, $other) as as_of,
                i * 7919 % 5000 as place,
                if(i % 3 = 0, null, i % 2 = 0)::integer as is_even
            from range(5000) as t (i)
            """,
            {"day": day, "other": other},
        )
        ids, matrix = read_features(con, "buyer", day, ("place", "is_even"))
        few, own = read_features(con, "buyer", day, (), "place < 10")
    absent = {i * 7919 % 5000 for i in range(4990, 5000)}
    places = [place for place in range(5000) if place not in absent]
    assert ids.to_list() == [f"b{place:04d}" for place in places]
    assert matrix[:, 0].tolist() == places
    row = {i * 7919 % 5000: i for i in range(5000)}
    even = [np.nan if row[one] % 3 == 0 else float(row[one] % 2 == 0) for one in places]
    np.testing.assert_array_equal(matrix[:, 1], even)
    assert (few.len(), own.shape) == (len([one for one in places if one < 10]), (few.len(), 0))
