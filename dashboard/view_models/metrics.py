"""Daily metrics with slices: what moved, where, and who is behind it.

Rates are made from sums after slicing, never averaged, so slices always add up
to the total. The period before is the equal span right before the chosen one.
A rate moves in percentage points (pp), anything else by a share of what it was.
What becomes of a day's orders is judged when they are old enough: younger days are
drawn apart and compared with nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words
from dashboard.view_models.calendar import CalendarMark, marks_of
from dashboard.view_models.drift import Metric
from dashboard.view_models.periods import Period

SPLITS = {"none": "No split", "market": "Market", "category": "Category", "channel": "Channel"}
DEFAULT_DAYS = 30


def _per_order(code: str, label: str, numerator: str) -> Metric:
    return Metric(code, label, "percent", numerator, "orders")


def _of_the_same_orders(code: str, label: str, numerator: str) -> Metric:
    return Metric(code, label, "percent", numerator, "orders", is_cohort=True)


METRICS: tuple[Metric, ...] = (
    Metric("gmv_usd", "GMV", "money", "gmv_usd"),
    Metric("orders", "Orders", "count", "orders"),
    _of_the_same_orders("refund_rate", "Refunds per order", "refunded_orders"),
    Metric("voucher_cost_share", "Voucher cost per GMV", "percent", "voucher_usd", "gmv_usd"),
    _per_order("young_account_rate", "Orders from young accounts", "young_account_orders"),
    _per_order("crowded_device_rate", "Orders from crowded devices", "crowded_device_orders"),
    _of_the_same_orders("not_received_rate", "Not received per order", "not_received_orders"),
    Metric(
        "late_dispatch_rate",
        "Late dispatches per parcel",
        "percent",
        "late_dispatches",
        "delivered",
    ),
    Metric("low_rating_rate", "Low ratings per rating", "percent", "low_ratings", "ratings"),
)
# What a merchant adds to a metric: its numerator, in words.
MERCHANT_WORDS = {
    "gmv_usd": "GMV",
    "orders": "Orders",
    "refunded_orders": "Orders asked back",
    "not_received_orders": "Orders not received",
    "voucher_usd": "Voucher cost",
    "young_account_orders": "Orders from young accounts",
    "crowded_device_orders": "Orders from crowded devices",
    "late_dispatches": "Late dispatches",
    "low_ratings": "Low ratings",
}
MONEY_SUMS = ("gmv_usd", "voucher_usd")


@dataclass(frozen=True)
class MetricsView:
    """One metric: `series` has day, slice, value; `slices` is the table twin.

    Change is in percentage points for a rate, else a share of the period before.
    """

    metric: Metric
    series: pl.DataFrame
    slices: pl.DataFrame
    marks: tuple[CalendarMark, ...]
    sentence: str
    young_since: date | None
    """First day whose orders are too young to be judged; None where none is."""

    @classmethod
    def of(
        cls,
        metric: Metric,
        period: Period,
        *,
        days: pl.DataFrame,
        slices: pl.DataFrame,
        calendar: pl.DataFrame,
        judged: Period | None = None,
    ) -> MetricsView:
        """The view of `pages/metrics/days` over `period` and `slices` over its `judged` part."""
        judged = judged or period
        is_short = judged.until < period.until
        return cls(
            metric=metric,
            series=_named(days).select("day", "slice", _value(metric)),
            slices=_named(_slices(metric, slices)),
            marks=marks_of(calendar),
            sentence=_sentence(metric, slices, judged) + (_young(judged) if is_short else ""),
            young_since=judged.until + timedelta(days=1) if is_short else None,
        )


@dataclass(frozen=True)
class MerchantsView:
    """The merchants behind a metric as display columns, and their keys in the same order."""

    label: str
    is_money: bool
    keys: tuple[str, ...]
    table: pl.DataFrame

    @classmethod
    def of(cls, metric: Metric, rows: pl.DataFrame) -> MerchantsView:
        """The view of `pages/metrics/merchants_behind`."""
        table = rows.select(
            pl.lit("Open").alias("open"),
            mapped(rows, "name", text.plain),
            "market",
            "category",
            pl.col("amount"),
            _shown(pl.col("amount") - pl.col("previous"), 0).alias("change"),
            pl.col("share"),
            pl.col("orders"),
            pl.col("score"),
        )
        keys = tuple(f"merchant:{merchant}" for merchant in rows["merchant_id"])
        label, is_money = MERCHANT_WORDS[metric.numerator], metric.numerator in MONEY_SUMS
        return cls(label, is_money, keys, table)


def typology_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `pages/metrics/typologies` with the typologies in words."""
    return rows.with_columns(mapped(rows, "typology", words.typology_title, skip_nulls=True))


def typology_note(slices: dict[str, list[str]]) -> str:
    """What the counts by kind of risk are of, given the filters chosen."""
    subjects = (
        "Open alerts opened in these days and wait for a verdict; verdicts were given in these "
        "days, about behaviour that began earlier by the usual delay of its kind. They are never "
        "the same subjects, so no rate is made of the two. Days are UTC here."
    )
    return " ".join([subjects, *filter_notes(slices)])


def filter_notes(slices: dict[str, list[str]]) -> list[str]:
    """What the filters chosen leave out or cannot narrow where subjects are counted."""
    notes = []
    if slices.get("category"):
        notes.append("Buyers have no category and are left out.")
    if slices.get("channel"):
        notes.append("A subject has no channel: every channel is counted.")
    return notes


def slice_label(code: str) -> str:
    """A slice in words: `shop_tab` -> `Shop tab`; markets and categories as they are."""
    return text.plain(words.sentence_case(code) if code.islower() else code)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(mapped(rows, "slice", slice_label))


def metric_of(code: str) -> Metric:
    """The metric called `code`, or the first one."""
    return next((metric for metric in METRICS if metric.code == code), METRICS[0])


def _value(metric: Metric) -> pl.Expr:
    top = pl.col(metric.numerator)
    if metric.denominator is None:
        return top.alias("value")
    bottom = pl.col(metric.denominator)
    return pl.when(bottom > 0).then(top / bottom).alias("value")


def _level(metric: Metric, slices: pl.DataFrame, *, current: bool) -> float | None:
    rows = slices.filter(pl.col("is_current") == current)
    if rows.is_empty():
        return None
    value = rows.sum().select(_value(metric)).item()
    return None if value is None else float(value)


def _slices(metric: Metric, slices: pl.DataFrame) -> pl.DataFrame:
    """One row per slice: now, before, change, orders and share of orders."""
    valued = slices.select("slice", "is_current", _value(metric), "orders")
    current = valued.filter(pl.col("is_current"))
    now = current.select("slice", pl.col("value").alias("now"), "orders")
    past = valued.filter(~pl.col("is_current")).select("slice", pl.col("value").alias("before"))
    joined = now.join(past, on="slice", how="full", coalesce=True)
    return joined.select(
        "slice",
        "now",
        "before",
        _moved(metric).alias("change"),
        (pl.col("orders") / pl.col("orders").sum()).alias("share"),
    ).sort("share", descending=True, nulls_last=True)


def _moved(metric: Metric) -> pl.Expr:
    """Points between two rates, else the relative change; null without a period before."""
    now, before = pl.col("now"), pl.col("before")
    if metric.is_rate:
        return _shown((now - before) * 100.0, 2)
    return _shown(pl.when(before > 0).then(now / before - 1), 3)


def _shown(number: pl.Expr, digits: int) -> pl.Expr:
    """Rounded as a table shows it, for it would write a fall that rounds to nought as -0."""
    rounded = number.round(digits)
    return pl.when(rounded != 0).then(rounded).when(rounded == 0).then(0.0)


def _change(metric: Metric, now: float, before: float) -> str:
    if metric.is_rate:
        return text.points(now - before)
    if not before:
        return "none before"
    moved = now / before - 1
    return f"{text.signed(moved * 100.0, 1)}%"


def _sentence(metric: Metric, slices: pl.DataFrame, period: Period) -> str:
    now, before = (_level(metric, slices, current=current) for current in (True, False))
    span = f"{period.since} to {period.until}"
    if period.length < 1:
        return f"{metric.label}: nothing can be said of these days yet."
    if now is None:
        return f"{metric.label}: nothing from {span}."
    level = text.value(now, metric.format)
    if before is None:
        return f"{metric.label}: {level} from {span}; there is no earlier period to compare with."
    return (
        f"{metric.label}: {level} from {span}, against {text.value(before, metric.format)} in the "
        f"{text.plural(period.length, 'day')} before ({_change(metric, now, before)})."
    )


def _young(judged: Period) -> str:
    return (
        f" Orders placed after {judged.until} are too young: their refunds and claims are still "
        "coming, so those days are drawn apart and compared with nothing."
    )
