"""Rows are sampled alike in every build, evenly, apart from who is followed; features are read."""

from __future__ import annotations

import hashlib

import duckdb
import pytest

import queries
from pipeline.tables import feature_names, hash_of, in_hash_sample
from tests.pipeline import tiny

MANY = "(select 'buy_' || n as buyer_id from range(20000) as t(n))"


def test_rows_are_hashed_by_md5_alone() -> None:
    """What anybody's md5 says, so no version of the database can order them anew."""
    with duckdb.connect() as con:
        digits = queries.scalar(
            con, f"select {hash_of('buyer_id')} from (select 'buy_000001' as buyer_id)"
        )
    assert digits == hashlib.md5(b"buy_000001", usedforsecurity=False).hexdigest()[8:16]


@pytest.mark.parametrize("part", [1, 2, 7, 100])
def test_one_in_so_many_is_in_the_sample(part: int) -> None:
    """Everybody when one in one is asked for, else that share within three standard errors."""
    with duckdb.connect() as con:
        sql = f"select count(*) from {MANY} where {in_hash_sample('buyer_id', part)}"
        count = queries.scalar(con, sql)
    share = 1.0 / part
    assert abs(count / 20_000 - share) <= 3.0 * (share * (1.0 - share) / 20_000) ** 0.5


def test_of_those_followed_the_same_share_is_in_the_sample() -> None:
    """The digits are not those by which `population.active_spans` says who comes first."""
    with duckdb.connect() as con:
        followed = f"select * from {MANY} where substr(md5(buyer_id), 1, 1) < '4'"
        total = queries.scalar(con, f"select count(*) from ({followed})")
        sql = f"select count(*) from ({followed}) where {in_hash_sample('buyer_id', 4)}"
        count = queries.scalar(con, sql)
    assert abs(count / total - 0.25) <= 3.0 * (0.25 * 0.75 / total) ** 0.5


def test_features_are_found_in_the_table() -> None:
    """Every numeric column is a feature; id and day are not."""
    names = feature_names(tiny.build(), "merchant")
    assert "order_count_30d" in names
    assert not {"merchant_id", "as_of"} & set(names)
