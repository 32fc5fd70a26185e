"""Daily metrics with slices: what moved, where, and who is behind it.

Rates are made from sums after slicing, never averaged, so slices always add up
to the total. The period before is the equal span right before the chosen one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words
from dashboard.view_models.drift import CalendarMark, Metric, marks_of

SPLITS = {"none": "No split", "market": "Market", "category": "Category", "channel": "Channel"}
DEFAULT_DAYS = 30


def _per_order(code: str, label: str, numerator: str) -> Metric:
    return Metric(code, label, "percent", numerator, "orders")


METRICS: tuple[Metric, ...] = (
    Metric("gmv_usd", "GMV", "money", "gmv_usd"),
    Metric("orders", "Orders", "count", "orders"),
    _per_order("refund_rate", "Refunds per order", "refunds"),
    Metric("voucher_cost_share", "Voucher cost per GMV", "percent", "voucher_usd", "gmv_usd"),
    _per_order("young_account_rate", "Orders from young accounts", "young_account_orders"),
    _per_order("crowded_device_rate", "Orders from crowded devices", "crowded_device_orders"),
    _per_order("not_received_rate", "Not received per order", "not_received"),
    Metric(
        "late_dispatch_rate",
        "Late dispatches per parcel",
        "percent",
        "late_dispatches",
        "delivered",
    ),
    Metric("low_rating_rate", "Low ratings per rating", "percent", "low_ratings", "ratings"),
)
# The column of metrics.merchant_days that stands behind a metric's numerator.
MERCHANT_COLUMNS = {
    "gmv_usd": "gmv_usd",
    "orders": "orders",
    "refunds": "refunds",
    "crowded_device_orders": "crowded_device_orders",
    "late_dispatches": "late_dispatches",
    "voucher_usd": "voucher_orders",
}
MERCHANT_WORDS = {
    "gmv_usd": "GMV",
    "orders": "Orders",
    "refunds": "Refunds",
    "crowded_device_orders": "Orders from crowded devices",
    "late_dispatches": "Late dispatches",
    "voucher_orders": "Orders with a voucher",
}


@dataclass(frozen=True)
class Period:
    """A span of days, both ends inclusive."""

    since: date
    until: date

    @property
    def length(self) -> int:
        """Number of days."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> Period:
        """The equal span right before."""
        return Period(self.since - timedelta(days=self.length), self.since - timedelta(days=1))


@dataclass(frozen=True)
class MetricsView:
    """One metric: `series` has day, slice, value; `slices` is the table twin."""

    metric: Metric
    series: pl.DataFrame
    slices: pl.DataFrame
    marks: tuple[CalendarMark, ...]
    sentence: str

    @classmethod
    def of(
        cls,
        metric: Metric,
        period: Period,
        *,
        days: pl.DataFrame,
        slices: pl.DataFrame,
        calendar: pl.DataFrame,
    ) -> MetricsView:
        """The view of `pages/metrics/days`, `slices` and `calendar`."""
        return cls(
            metric=metric,
            series=_named(days).select("day", "slice", _value(metric)),
            slices=_named(_slices(metric, slices)),
            marks=marks_of(calendar),
            sentence=_sentence(metric, slices, period),
        )


@dataclass(frozen=True)
class MerchantsView:
    """The merchants behind a metric as display columns, and their keys in the same order."""

    label: str
    note: str
    keys: tuple[str, ...]
    table: pl.DataFrame

    @classmethod
    def of(cls, metric: Metric, rows: pl.DataFrame) -> MerchantsView:
        """The view of `pages/metrics/merchants_behind`."""
        column = merchant_column(metric)
        table = rows.select(
            pl.lit("Open").alias("open"),
            mapped(rows, "name", text.plain),
            "market",
            "category",
            pl.col("amount"),
            (pl.col("amount") - pl.col("previous")).alias("change"),
            pl.col("share"),
            pl.col("orders"),
            pl.col("score"),
        )
        keys = tuple(f"merchant:{merchant}" for merchant in rows["merchant_id"])
        return cls(MERCHANT_WORDS[column], _merchant_note(metric), keys, table)


def typology_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `pages/metrics/typologies` with the typologies in words."""
    return rows.with_columns(mapped(rows, "typology", words.typology_title, skip_nulls=True))


def slice_label(code: str) -> str:
    """A slice in words: `shop_tab` -> `Shop tab`; markets and categories as they are."""
    return text.plain(words.sentence_case(code) if code.islower() else code)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(mapped(rows, "slice", slice_label))


def metric_of(code: str) -> Metric:
    """The metric called `code`, or the first one."""
    return next((metric for metric in METRICS if metric.code == code), METRICS[0])


def merchant_column(metric: Metric) -> str:
    """The column of the merchants' daily table that explains a metric best."""
    return MERCHANT_COLUMNS.get(metric.numerator, "orders")


def _merchant_note(metric: Metric) -> str:
    if metric.numerator in MERCHANT_COLUMNS:
        return ""
    return f"{metric.label} is not measured per merchant; merchants are ranked by orders."


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
    """One row per slice: now, before, change (relative), orders and share of orders."""
    valued = slices.select("slice", "is_current", _value(metric), "orders")
    current = valued.filter(pl.col("is_current"))
    now = current.select("slice", pl.col("value").alias("now"), "orders")
    past = valued.filter(~pl.col("is_current")).select("slice", pl.col("value").alias("before"))
    joined = now.join(past, on="slice", how="full", coalesce=True)
    return joined.select(
        "slice",
        "now",
        "before",
        pl.when(pl.col("before") > 0).then(pl.col("now") / pl.col("before") - 1).alias("change"),
        (pl.col("orders") / pl.col("orders").sum()).alias("share"),
    ).sort("share", descending=True, nulls_last=True)


def _change(now: float, before: float) -> str:
    if not before:
        return "no earlier period"
    moved = now / before - 1
    return f"{'+' if moved >= 0 else '−'}{abs(moved):.1%}"


def _sentence(metric: Metric, slices: pl.DataFrame, period: Period) -> str:
    now, before = (_level(metric, slices, current=current) for current in (True, False))
    span = f"{period.since} to {period.until}"
    if now is None:
        return f"{metric.label}: nothing from {span}."
    level = text.value(now, metric.format)
    if before is None:
        return f"{metric.label}: {level} from {span}; there is no earlier period to compare with."
    return (
        f"{metric.label}: {level} from {span}, against {text.value(before, metric.format)} in the "
        f"{text.plural(period.length, 'day')} before ({_change(now, before)})."
    )
