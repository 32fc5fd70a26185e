"""Rows are dealt the same way in every build, evenly, and apart from who is followed."""

from __future__ import annotations

import hashlib

import duckdb
import pytest

import queries
from pipeline.tables import dealt, dealt_to

MANY = "(select 'buy_' || n as buyer_id from range(20000) as t(n))"


def test_rows_are_dealt_by_md5_alone() -> None:
    """What anybody's md5 says, so no version of the database can deal them anew."""
    with duckdb.connect() as con:
        found = queries.scalar(
            con, f"select {dealt('buyer_id')} from (select 'buy_000001' as buyer_id)"
        )
    assert found == hashlib.md5(b"buy_000001", usedforsecurity=False).hexdigest()[8:16]


@pytest.mark.parametrize("part", [1, 2, 7, 100])
def test_one_in_so_many_is_dealt_out(part: int) -> None:
    """Everybody when one in one is asked for, else that share within three standard errors."""
    with duckdb.connect() as con:
        sql = f"select count(*) from {MANY} where {dealt_to('buyer_id', part)}"
        count = queries.scalar(con, sql)
    share = 1.0 / part
    assert abs(count / 20_000 - share) <= 3.0 * (share * (1.0 - share) / 20_000) ** 0.5


def test_of_those_followed_the_same_share_is_dealt_out() -> None:
    """The digits are not those by which `population.active_spans` says who comes first."""
    with duckdb.connect() as con:
        followed = f"select * from {MANY} where substr(md5(buyer_id), 1, 1) < '4'"
        total = queries.scalar(con, f"select count(*) from ({followed})")
        sql = f"select count(*) from ({followed}) where {dealt_to('buyer_id', 4)}"
        count = queries.scalar(con, sql)
    assert abs(count / total - 0.25) <= 3.0 * (0.25 * 0.75 / total) ** 0.5
