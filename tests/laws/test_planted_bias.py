"""The unfair rule that the sample plants is found on the page of quality.

Each world is written, its labels and who they are about are laid out by hand from the raw rows,
and the page's own query and view are asked. No model is built for it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

import queries
from dashboard.view_models.fairness import RULE, VERDICTS, fairness_rows
from sample_data import WorldSettings, generate
from sample_data.reviewing.enforcement import market_code

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = (11, 111)
"""What was measured on 11, 12, 13, 111 and 112: docs/decisions/0140-how-people-review.md."""
_TABLES = """
create schema staging; create schema graph; create schema facts; create schema meta;
create table staging.labels as
select *, null::timestamp as withdrawn_at from read_parquet('{folder}/labels.parquet');
create table staging.products as select * from read_parquet('{folder}/products.parquet');
create table staging.merchants as select * from read_parquet('{folder}/merchants.parquet');
create table facts.order_facts as
select merchant_id, created_at::date as day from read_parquet('{folder}/orders.parquet');
create table graph.entities as
select 'merchant' as entity_type, merchant_id as entity_id, market, registered_at
from staging.merchants
union all
select 'creator', creator_id, market, registered_at
from read_parquet('{folder}/creators.parquet')
union all
select 'buyer', buyer_id, market, registered_at from read_parquet('{folder}/buyers.parquet')
union all
select 'product', p.product_id, m.market, null
from staging.products as p inner join staging.merchants as m on p.merchant_id = m.merchant_id;
create table meta.build as select max(known_at)::date + 1 as as_of from staging.labels;
"""


def verdicts(folder: Path) -> pl.DataFrame:
    """Bad verdicts of a world, as the page reads them."""
    with duckdb.connect() as con:
        con.execute(_TABLES.format(folder=folder))
        return queries.run(con, "pages/quality/bad_verdicts")


def by_hand(folder: Path) -> dict[str, bool]:
    """Each bad verdict that is old enough, and whether an appeal within 30 days cleared it."""
    labels = pl.read_parquet(folder / "labels.parquet").sort("label_id").to_dicts()
    as_of = max(one["known_at"] for one in labels).date() + timedelta(days=1)
    cleared: dict[tuple[str, str], list[datetime]] = {}
    for one in labels:
        if one["source"] == "appeal" and one["label"] == "good":
            cleared.setdefault((one["entity_type"], one["entity_id"]), []).append(one["known_at"])
    return {
        one["label_id"]: any(
            timedelta(0) < at - one["known_at"] < timedelta(days=30)
            for at in cleared.get((one["entity_type"], one["entity_id"]), [])
        )
        for one in labels
        if one["label"] == "bad"
        and one["source"] != "appeal"
        and one["known_at"] < datetime.combine(as_of, time()) - timedelta(days=30)
    }


@pytest.mark.slow  # writes a world
@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_rule_is_found(tmp_path: Path, seed: int) -> None:
    """Its market, the rule, small sellers; no other market has more wrong verdicts."""
    settings = WorldSettings(orders=60_000, seed=seed)
    generate(tmp_path, settings)
    found = verdicts(tmp_path)
    assert dict(found.select("label_id", "is_overturned").iter_rows()) == by_hand(tmp_path)
    rows, _ = fairness_rows(found.select(list(VERDICTS)))
    worse = {(row.dimension, row.band) for row in rows if row.is_worse}
    print(seed, sorted(worse))  # noqa: T201 -- the figures of decision 0140
    assert {("market", market_code()), ("decided_by", RULE)} <= worse
    markets = {band for dimension, band in worse if dimension == "market"}
    assert markets == {market_code()}
