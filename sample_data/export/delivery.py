"""What of a made world a marketplace would have delivered by the end of some day.

The whole period is made at once and its last days are held back: whatever became known
later is left out, rows and states alike. One world delivered to two days therefore tells the
same of every day before the first of them, which a longer period made anew would not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from sample_data.period.payouts import commission_minor

LOST_DAYS = 9  # after which a parcel without an arrival is scanned no more, as when it was made
RETURN_DAYS = 7  # the longest way of a returned parcel
HALF_A_DAY = timedelta(hours=12)  # a returned parcel is weighed so long before its refund

Frames = Mapping[str, pl.LazyFrame]
Cut = Callable[[pl.LazyFrame, Frames, datetime], pl.LazyFrame]


@dataclass(frozen=True)
class Rule:
    """When a row is known, and which of its columns are known later than it.

    `states` maps an instant to the columns that are empty until it has passed, itself
    always among them. `known` None: `change` says which rows are known, as it does whatever
    no list of columns can.
    """

    known: str | None
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    change: Cut | None = None

    def apply(self, rows: pl.LazyFrame, whole: Frames, end: datetime) -> pl.LazyFrame:
        """The rows known before `end`, as they stood then."""
        if self.known:
            rows = rows.filter(pl.col(self.known).cast(pl.Datetime("us")) < end)
        rows = self.change(rows, whole, end) if self.change else rows
        for instant, columns in self.states.items():
            passed = pl.col(instant) < end
            names = (*(name for name in columns if name != instant), instant)
            rows = rows.with_columns(pl.when(passed).then(pl.col(name)) for name in names)
        return rows


def deliver(whole: Path, out: Path, end: datetime) -> dict[str, int]:
    """Write every table of folder `whole` to `out` as it stood at `end`; returns row counts."""
    frames = {path.stem: pl.scan_parquet(path) for path in sorted(whole.glob("*.parquet"))}
    counts = {}
    for name, rows in frames.items():
        table = RULES[name].apply(rows, frames, end).select(rows.collect_schema().names())
        frame = table.collect()
        frame.write_parquet(out / f"{name}.parquet")
        counts[name] = frame.height
    return counts


def _without_running_rooms(rows: pl.LazyFrame, whole: Frames, end: datetime) -> pl.LazyFrame:
    """An order names its live room once the room has ended and is delivered itself."""
    rooms = whole["live_sessions"].select("live_session_id", "ended_at")
    rows = rows.join(rooms, on="live_session_id", how="left", maintain_order="left")
    return rows.with_columns(
        live_session_id=pl.when(pl.col("ended_at") < end).then("live_session_id")
    )


def _of_ended_rooms(rows: pl.LazyFrame, whole: Frames, end: datetime) -> pl.LazyFrame:
    rooms = whole["live_sessions"].filter(pl.col("ended_at") < end).select("live_session_id")
    return rows.join(rooms, on="live_session_id", how="semi", maintain_order="left")


def _scanned(rows: pl.LazyFrame, _whole: Frames, end: datetime) -> pl.LazyFrame:
    """Scans come evenly on the way: so many of them as of the way lies behind the parcel."""
    first = pl.col("first_scan_at")
    arrives = pl.coalesce("delivered_at", first + timedelta(days=LOST_DAYS))
    way = pl.max_horizontal((arrives - first).dt.total_seconds(), 1)
    share = (pl.lit(end) - first).dt.total_seconds() / way
    so_far = (pl.col("scan_count") * share).floor().cast(pl.Int64).clip(1)
    is_seen, is_under_way = pl.col("observed_at") < end, share < 1.0
    scans = pl.when(is_seen & is_under_way).then(so_far).when(is_seen).then("scan_count")
    return rows.with_columns(scan_count=scans.otherwise(0).cast(pl.Int64))


def _returned(rows: pl.LazyFrame, _whole: Frames, end: datetime) -> pl.LazyFrame:
    """A returned parcel is weighed before its refund; refused ones had the longest way."""
    refused = pl.col("requested_at") + timedelta(days=RETURN_DAYS)
    weighed = pl.coalesce("refunded_at", refused) - HALF_A_DAY
    return rows.with_columns(return_weight_grams=pl.when(weighed < end).then("return_weight_grams"))


def _delivered_orders(rows: pl.LazyFrame, whole: Frames, end: datetime) -> pl.LazyFrame:
    """Payouts of orders that had arrived, with what a payout needs to know of its order."""
    arrived = whole["shipments"].filter(pl.col("delivered_at") < end).select("order_id")
    orders = whole["orders"].select("order_id", "items_minor", "paid_minor", "commission_rate")
    later = (
        whole["refunds"]
        .filter(pl.col("refunded_at") >= end)
        .select("order_id", is_refunded_later=pl.lit(value=True))
    )
    rows = rows.join(arrived, on="order_id", how="semi", maintain_order="left")
    rows = rows.join(orders, on="order_id", how="left", maintain_order="left")
    return rows.join(later, on="order_id", how="left", maintain_order="left")


def _commission_then() -> pl.Expr:
    """The commission of an order of which nothing had gone back yet."""
    columns = pl.struct("items_minor", "commission_rate", "paid_minor")
    return columns.map_batches(_full_commission, return_dtype=pl.Int64)


def _full_commission(rows: pl.Series) -> pl.Series:
    items, rate, paid = (rows.struct.field(name).to_numpy() for name in rows.struct.fields)
    return pl.Series(commission_minor(items, rate, paid, paid * 0))


def _settled(rows: pl.LazyFrame, whole: Frames, end: datetime) -> pl.LazyFrame:
    """A refund yet to come has reduced no payout."""
    then = pl.max_horizontal(pl.col("paid_minor") - _commission_then(), 0)
    return _as_owed(_delivered_orders(rows, whole, end), then, end)


def _rewarded(rows: pl.LazyFrame, whole: Frames, end: datetime) -> pl.LazyFrame:
    """The same of commissions."""
    return _as_owed(_delivered_orders(rows, whole, end), _commission_then(), end)


def _as_owed(rows: pl.LazyFrame, then: pl.Expr, end: datetime) -> pl.LazyFrame:
    is_open = pl.col("is_refunded_later").fill_null(value=False)
    is_taken_back = (pl.col("clawed_back_at") < end).fill_null(value=False)
    return rows.with_columns(
        amount_minor=pl.when(is_open).then(then).otherwise("amount_minor"),
        clawed_back_minor=pl.when(is_taken_back).then("clawed_back_minor").otherwise(0),
    )


RULES = {
    "markets": Rule(None),
    "merchants": Rule("registered_at", {"closed_at": ()}),
    "creators": Rule("registered_at"),
    "creator_days": Rule("day"),
    "products": Rule("listed_at", {"removed_at": ()}),
    "listing_versions": Rule("valid_from"),
    "buyers": Rule("registered_at"),
    "campaigns": Rule("starts_at"),
    "vouchers": Rule("starts_at"),
    "live_sessions": Rule("ended_at"),
    "engagement_minutes": Rule(None, change=_of_ended_rooms),
    "live_comments": Rule("commented_at", change=_of_ended_rooms),
    "videos": Rule("published_at"),
    "video_days": Rule("day"),
    "orders": Rule(
        "created_at", {"paid_at": (), "cancelled_at": ()}, change=_without_running_rooms
    ),
    "declined_payments": Rule("attempted_at"),
    "shipments": Rule(
        "shipped_at",
        {
            "observed_at": ("first_scan_at", "weight_grams"),
            "delivered_at": ("is_address_match",),
        },
        change=_scanned,
    ),
    "refunds": Rule("requested_at", {"refunded_at": ()}, change=_returned),
    "reviews": Rule("created_at"),
    "complaints": Rule("observed_at"),
    "disputes": Rule("observed_at", {"decided_at": ("outcome",)}),
    "settlements": Rule(None, {"settled_at": (), "clawed_back_at": ()}, change=_settled),
    "commissions": Rule(None, {"paid_at": (), "clawed_back_at": ()}, change=_rewarded),
    "auth_events": Rule("happened_at"),
    "staff_access": Rule("happened_at"),
    "labels": Rule("known_at"),
    "calendar": Rule("starts_at"),
    "carrier_incidents": Rule("observed_at"),
    "policy_changes": Rule("announced_at"),
    "model_releases": Rule("released_at"),
}
