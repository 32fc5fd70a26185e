"""What carries the one bad thing among many to its owner, recomputed from the delivered rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from pathlib import Path

COUNTERFEIT = """
with latest as (select max(cast(created_at as date)) + 1 as as_of from raw_orders),
seen as (
    select o.merchant_id, o.product_id, count(distinct o.order_id) as orders
    from raw_orders as o, latest
    where not o.is_sample and o.paid_at is not null
        and cast(o.created_at as date) >= as_of - 90
    group by all
),
told as (
    select o.product_id, count(*) as reports
    from raw_complaints as c join raw_orders as o using (order_id), latest
    where c.topic = 'counterfeit' and not o.is_sample
        and cast(c.observed_at as date) between as_of - 90 and as_of - 1
    group by all
)
select merchant_id as id, max(reports / orders) as value
from seen join told using (product_id)
where reports >= 2 and orders >= 5
group by all
"""
STAGED = """
with latest as (select max(cast(created_at as date)) + 1 as as_of from raw_orders)
select o.buyer_id as id, count(*)::double as value
from raw_orders as o join raw_live_sessions as s using (live_session_id), latest
where not o.is_sample
    and o.created_at < s.started_at + interval 30 minute and o.created_at <= s.ended_at
    and o.paid_at < o.created_at + interval 60 second
    and cast(o.cancelled_at as date) between as_of - 90 and as_of - 1
group by all
"""
TAKEN = """
with latest as (select max(cast(created_at as date)) + 1 as as_of from raw_orders),
strange as (
    select e.*
    from raw_auth_events as e join raw_creators as c on e.account_id = c.creator_id
    where e.account_type = 'creator' and e.device_id <> c.device_id
        and not exists (
            select 1 from raw_auth_events as b
            where b.account_id = e.account_id and b.device_id = e.device_id
                and b.kind <> 'login_failed'
                and (
                    b.happened_at <= e.happened_at - interval 1 day
                    or (b.kind = 'step_up_passed' and b.happened_at <= e.happened_at)
                )
        )
)
select distinct bank.account_id as id, 1.0 as value
from strange as bank join strange as lock using (account_id, device_id), latest
where bank.kind = 'bank_change' and lock.kind in ('password_change', 'phone_change')
    and abs(epoch(bank.happened_at) - epoch(lock.happened_at)) < 86400
    and cast(greatest(bank.happened_at, lock.happened_at) as date) >= as_of - 90
"""
CASES = {
    "counterfeit": ("merchant", "counterfeit_rate_90d", COUNTERFEIT),
    "staged": ("buyer", "staged_orders_90d", STAGED),
    "taken": ("creator", "bank_takeovers_90d", TAKEN),
}


@pytest.mark.parametrize("case", CASES)
def test_the_delivered_rows_give_the_feature(
    con: duckdb.DuckDBPyConnection, small_world: Path, case: str
) -> None:
    """Everybody with a value has it by the raw rows, and nobody else has one."""
    entity_type, feature, sql = CASES[case]
    with duckdb.connect() as raw:
        for path in small_world.glob("*.parquet"):
            raw.execute(f"create view raw_{path.stem} as from read_parquet('{path}')")
        wanted = dict(raw.execute(sql).fetchall())
    observed = con.execute(
        f"select {entity_type}_id, {feature} from features.{entity_type} "
        f"where as_of = (select max(as_of) from features.{entity_type})"
    ).fetchall()
    known = {one for one, _ in observed}
    stored = {one: value for one, value in observed if value}
    assert len(stored) >= 2
    assert stored == pytest.approx({one: v for one, v in wanted.items() if one in known})
