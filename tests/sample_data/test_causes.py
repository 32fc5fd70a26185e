"""No event comes before its cause, and nothing is told before it could be known."""

from typing import Final

import numpy as np
import polars as pl
import pytest

from sample_data import WorldSettings
from sample_data.kit.blocks import Block
from sample_data.kit.randomness import stream
from sample_data.kit.settings import DAY
from sample_data.period.tracking_numbers import Dispatch, tracking_codes, tracking_numbers

from .conftest import Sample

# table, earlier instant, later instant; "other.column" is looked up through the shared id.
CHAINS: Final = (
    ("merchants", "registered_at", "closed_at"),
    ("products", "merchants.registered_at", "listed_at"),
    ("products", "listed_at", "removed_at"),
    ("orders", "buyers.registered_at", "created_at"),
    ("orders", "merchants.registered_at", "created_at"),
    ("orders", "products.listed_at", "created_at"),
    ("orders", "live_sessions.started_at", "created_at"),
    ("orders", "videos.published_at", "created_at"),
    ("orders", "created_at", "paid_at"),
    ("orders", "created_at", "cancelled_at"),
    ("orders", "paid_at", "cancelled_at"),
    ("shipments", "orders.paid_at", "shipped_at"),
    ("shipments", "shipped_at", "delivered_at"),
    ("shipments", "first_scan_at", "observed_at"),
    ("shipments", "first_scan_at", "delivered_at"),
    ("shipments", "observed_at", "delivered_at"),
    ("refunds", "shipments.shipped_at", "requested_at"),
    ("refunds", "requested_at", "refunded_at"),
    ("reviews", "shipments.delivered_at", "created_at"),
    ("settlements", "shipments.delivered_at", "eligible_at"),
    ("settlements", "eligible_at", "settled_at"),
    ("settlements", "settled_at", "clawed_back_at"),
    ("settlements", "settled_at", "merchants.closed_at"),
    ("commissions", "shipments.delivered_at", "eligible_at"),
    ("commissions", "eligible_at", "paid_at"),
    ("commissions", "paid_at", "clawed_back_at"),
    ("disputes", "orders.paid_at", "event_at"),
    ("disputes", "event_at", "observed_at"),
    ("disputes", "observed_at", "decided_at"),
    ("complaints", "orders.paid_at", "event_at"),
    ("complaints", "event_at", "observed_at"),
    ("complaints", "buyers.registered_at", "event_at"),
    ("declined_payments", "orders.created_at", "attempted_at"),
    ("declined_payments", "attempted_at", "orders.paid_at"),
    ("declined_payments", "buyers.registered_at", "attempted_at"),
)
KEYS: Final = {
    "merchants": "merchant_id",
    "products": "product_id",
    "buyers": "buyer_id",
    "live_sessions": "live_session_id",
    "videos": "video_id",
    "orders": "order_id",
    "shipments": "order_id",
    "refunds": "order_id",
}
AHEAD: Final = {("settlements", "eligible_at"), ("commissions", "eligible_at")}  # fixed in advance


def _instants(sample: Sample, table: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """Instants of a table's rows, those of other tables looked up by id."""
    rows = sample.table(table)
    if "merchant_id" not in rows.columns and any("merchants." in name for name in columns):
        rows = rows.join(sample.table("orders").select("order_id", "merchant_id"), on="order_id")
    for name in columns:
        if "." in name:
            other, column = name.split(".")
            known = sample.table(other).select(KEYS[other], pl.col(column).alias(name))
            rows = rows.join(known, on=KEYS[other], how="left")
    return rows.select(*columns)


@pytest.mark.parametrize(("table", "earlier", "later"), CHAINS)
def test_no_event_before_its_cause(sample: Sample, table: str, earlier: str, later: str) -> None:
    """Where both instants are known, the later one is not before the earlier one."""
    rows = _instants(sample, table, (earlier, later)).drop_nulls()
    assert (rows[earlier] <= rows[later]).all()


def test_nothing_is_told_before_it_is_over(sample: Sample) -> None:
    """No instant lies after the end of the data, but for due dates that are fixed in advance."""
    for table in sample.made.row_counts:
        if table in ("truth", "stories", "campaigns", "vouchers", "calendar"):
            continue
        rows = sample.table(table)
        for column, kind in rows.schema.items():
            if kind == pl.Datetime("us") and (table, column) not in AHEAD:
                late = rows.select((pl.col(column) >= sample.end).any()).item()
                assert late is not True, f"{table}.{column}"


def test_money_is_taken_back_for_a_refund(sample: Sample) -> None:
    """A claw-back follows the refund it is for."""
    refund = sample.table("refunds").select("order_id", "refunded_at")
    for table in ("settlements", "commissions"):
        taken = sample.table(table).filter(pl.col("clawed_back_at").is_not_null())
        rows = taken.join(refund, on="order_id", how="left")
        assert (rows["refunded_at"] <= rows["clawed_back_at"]).all()
        assert rows["refunded_at"].null_count() == 0


def test_a_complaint_about_the_goods_follows_the_parcel(sample: Sample) -> None:
    """Nobody judges goods, or asks money back for them, before they came."""
    came = sample.table("shipments").select("order_id", "delivered_at")
    goods = ("not_as_described", "counterfeit", "quality")
    told = {
        "complaints": ("event_at", pl.col("topic").is_in(goods)),
        "disputes": ("event_at", pl.col("kind") == "not_as_described"),
        "refunds": ("requested_at", pl.col("reason") != "not_received"),
    }
    for table, (instant, about) in told.items():
        rows = sample.table(table).filter(about & pl.col("order_id").is_not_null())
        rows = rows.join(came, on="order_id", how="left")
        assert rows.height > 0, table
        assert (rows["delivered_at"] <= rows[instant]).all(), table
        assert rows["delivered_at"].null_count() == 0, table


def test_a_parcel_leaves_a_mark_only_once_it_was_seen(sample: Sample) -> None:
    """Weight, scans and feed come with the first scan, the place of delivery with the delivery."""
    rows = sample.table("shipments")
    scanned = rows["first_scan_at"].is_not_null()
    assert (rows["observed_at"].is_not_null() == scanned).all()
    assert (rows["weight_grams"].is_not_null() == scanned).all()
    assert ((rows["scan_count"] > 0) == scanned).all()
    arrived = rows["delivered_at"].is_not_null()
    assert (rows["is_address_match"].is_not_null() == arrived).all()
    assert (arrived & ~scanned).sum() == 0


def test_a_tracking_number_is_used_again_only_by_few(sample: Sample) -> None:
    """Carriers give a number once; what is used twice was bought."""
    numbers = sample.table("shipments")["tracking_number"]
    again = 1.0 - numbers.n_unique() / len(numbers)
    assert 0.0 < again < 0.01


def test_carriers_number_labels_without_repeats() -> None:
    """Whatever block and carrier hand them out, numbers differ; a bought stack is consecutive."""
    settings, rng = WorldSettings(orders=5_000), stream(7, "labels")
    count, printed = 4_000, []
    sold = {"merchant": rng.integers(0, 60, count), "tracking": np.full(count, np.nan)}
    for number in range(3):
        block = Block(number, number, 1, settings.day_s(number), settings.day_s(number + 1))
        carrier = rng.integers(0, 8, count)
        sent = Dispatch(carrier, settings.start_s + rng.integers(0, 6 * DAY, count))
        code = tracking_codes(rng, settings, block, pl.DataFrame(sold), sent)
        printed.append(tracking_numbers(pl.Series(carrier), pl.Series(code)))
    assert pl.concat(printed).n_unique() == 3 * count
    stack = pl.DataFrame(sold | {"tracking": np.arange(count, dtype=np.float64)})
    code = tracking_codes(rng, settings, block, stack, sent)
    bought = tracking_numbers(pl.Series(np.full(count, 3)), pl.Series(code))
    assert bought.str.len_chars().unique().to_list() == [13]
    steps = bought.str.slice(2).cast(pl.Int64).diff().drop_nulls()
    assert (steps == 1).mean() > 0.99  # type: ignore[operator]


def test_verdicts_take_months_and_codes_days(sample: Sample) -> None:
    """The bank's code comes within a week, its verdict after weeks; the newest are open."""
    rows = sample.table("disputes")
    code = (rows["observed_at"] - rows["event_at"]).dt.total_hours()
    assert code.max() <= 24 * 7  # type: ignore[operator]
    assert code.median() < 25  # type: ignore[operator]
    verdict = (rows["decided_at"] - rows["observed_at"]).dt.total_days().drop_nulls()
    assert 20 < verdict.median() < 75  # type: ignore[operator]
    assert (rows["outcome"].is_null() == rows["decided_at"].is_null()).all()
    recent = rows.filter(pl.col("event_at") > sample.end - pl.duration(days=20))
    assert recent["decided_at"].null_count() > recent.height // 2


def test_honest_trouble_is_as_common_as_it_should_be(sample: Sample) -> None:
    """Complaints near 2 %, disputes below 1 %, a few orders in a hundred with a refused attempt."""
    orders = sample.table("orders").height
    tries = sample.table("declined_payments").drop_nulls("order_id")
    assert 0.01 < sample.table("complaints").height / orders < 0.05
    assert 0.002 < sample.table("disputes").height / orders < 0.012
    assert 0.04 < tries["order_id"].n_unique() / orders < 0.15
    assert (
        tries.join(sample.table("orders"), on="order_id")
        .select((pl.col("amount_minor") == pl.col("paid_minor")).all())
        .item()
    )
