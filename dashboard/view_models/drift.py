"""How an entity moves against its own past and against its peers.

A jump is only suspicious when neither the entity's own history nor its peer
group shares it; both bands are drawn behind the line for that reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.view_models.calendar import marks_of

if TYPE_CHECKING:
    from dashboard.view_models.calendar import CalendarMark

WINDOW = 28
RECENT = 7
# Fewer earlier days than this are no history to compare with.
ENOUGH_DAYS = 7
BAND_WIDTH = 2.0
# Within five per cent nobody would call it a difference.
SAME = 0.05


@dataclass(frozen=True)
class Metric:
    """One daily metric: a sum, or a share when it has a denominator."""

    code: str
    label: str
    format: str
    numerator: str
    denominator: str | None = None
    is_cohort: bool = False
    """Whether it says what became of the orders of the day, which takes time to show."""
    event: str = "order"
    """Which rows are behind it: order, parcel, review; empty where they are none of these."""
    flag: str = ""
    """What makes a row count, as `pages/investigate/day_events` takes it; empty = it does."""
    bad: str = "none"
    """Which way is worse: up, down, or none."""
    is_stock: bool = False
    """Whether a day's value is what there is, not what came."""

    @property
    def is_rate(self) -> bool:
        """Whether it moves in percentage points."""
        return self.format == "percent"


def _share(code: str, label: str, numerator: str, flag: str) -> Metric:
    return Metric(code, label, "percent", numerator, "orders", flag=flag)


_ORDERS = Metric("orders", "Orders", "count", "orders")
_GMV = Metric("gmv_usd", "GMV", "money", "gmv_usd")
_BUYERS = Metric("buyers", "Buyers", "count", "buyers")
_REFUNDS = Metric(
    "refund_rate",
    "Refunds per order",
    "percent",
    "refunded_orders",
    "orders",
    is_cohort=True,
    flag="is_refunded",
    bad="up",
)
_CROWDED = replace(
    _share(
        "crowded_device_rate",
        "Orders from crowded devices",
        "crowded_device_orders",
        "is_crowded_device",
    ),
    bad="up",
)
_FIVE_STAR = Metric(
    "five_star_rate",
    "Five-star share of reviews",
    "percent",
    "five_star_ratings",
    "ratings",
    event="review",
    flag="five_stars",
)
_LATE = Metric(
    "late_dispatch_rate",
    "Parcels sent late",
    "percent",
    "late_dispatches",
    "deliveries",
    event="parcel",
    flag="is_late_dispatch",
    bad="up",
)
_LIGHT = Metric(
    "light_parcel_rate",
    "Light parcels",
    "percent",
    "light_parcels",
    "deliveries",
    event="parcel",
    flag="is_light",
    bad="up",
)
_VOUCHERS = _share("voucher_rate", "Orders with a voucher", "voucher_orders", "is_voucher")
METRICS: dict[str, tuple[Metric, ...]] = {
    "merchant": (
        *(_ORDERS, _GMV, _REFUNDS, _BUYERS, _VOUCHERS, _CROWDED),
        *(_FIVE_STAR, _LATE, _LIGHT),
    ),
    "creator": (
        *(_ORDERS, _GMV, _REFUNDS, _BUYERS),
        Metric("commission_usd", "Commission", "money", "commission_usd"),
        Metric("live_views", "Live views", "count", "live_views", event=""),
        # A room past midnight sells on both days and has its clicks on the second: no share.
        Metric(
            "click_to_order_rate",
            "Room orders per product click",
            "ratio",
            "room_orders",
            "product_clicks",
            flag="is_room_order",
        ),
        Metric("followers", "Followers", "count", "followers", event="", is_stock=True),
        _CROWDED,
    ),
    "product": (_ORDERS, _GMV, _REFUNDS, _BUYERS, _FIVE_STAR),
    "buyer": (
        _ORDERS,
        Metric("spend_usd", "Spend", "money", "spend_usd"),
        _REFUNDS,
        Metric("voucher_usd", "Vouchers used", "money", "voucher_usd", flag="is_voucher"),
    ),
}


@dataclass(frozen=True)
class DriftView:
    """One metric over time. `days` has day, value, own_mean, own_low, own_high, p10, p50, p90."""

    days: pl.DataFrame
    marks: tuple[CalendarMark, ...]
    recent_label: str
    recent_text: str
    before_text: str
    peers_text: str
    sentence: str

    @classmethod
    def of(
        cls, metric: Metric, days: pl.DataFrame, peers: pl.DataFrame, calendar: pl.DataFrame
    ) -> DriftView:
        """The view of `pages/investigate/<type>_days`, `peer_days` and `calendar`."""
        days = days.filter(pl.col("is_mature")) if metric.is_cohort else days
        measured = _with_past(_measured(metric, days))
        joined = _with_peers(measured, peers)
        recent, before = _recent(metric, days), _before(metric, days)
        middle = _mean(joined["p50"].tail(RECENT)) if len(joined) else None
        return cls(
            days=joined,
            marks=marks_of(calendar),
            recent_label=_recent_label(metric, days),
            recent_text=text.value(recent, _format(metric)),
            before_text=text.value(before, _format(metric)),
            peers_text=text.value(middle, _format(metric)),
            sentence=_sentence(metric, days, (recent, before, middle)) + _young(metric, days),
        )


def metric_of(entity_type: str, code: str) -> Metric:
    """The metric called `code`, or the first one of the type."""
    choices = METRICS[entity_type]
    return next((metric for metric in choices if metric.code == code), choices[0])


def _measured(metric: Metric, days: pl.DataFrame) -> pl.DataFrame:
    top = pl.col(metric.numerator)
    if metric.denominator is None:
        value = top
    else:
        bottom = pl.col(metric.denominator)
        value = pl.when(bottom > 0).then(top / bottom)
    return days.select("day", value.cast(pl.Float64).alias("value"))


def _with_past(measured: pl.DataFrame) -> pl.DataFrame:
    past = pl.col("value").shift(1)
    mean = past.rolling_mean(WINDOW, min_samples=ENOUGH_DAYS)
    spread = past.rolling_std(WINDOW, min_samples=ENOUGH_DAYS) * BAND_WIDTH
    return measured.with_columns(
        mean.alias("own_mean"),
        (mean - spread).clip(lower_bound=0.0).alias("own_low"),
        (mean + spread).alias("own_high"),
    )


def _with_peers(measured: pl.DataFrame, peers: pl.DataFrame) -> pl.DataFrame:
    quartiles = peers.select("day", "p10", "p50", "p90")
    return measured.join(quartiles, on="day", how="left", maintain_order="left")


def _recent(metric: Metric, days: pl.DataFrame) -> float | None:
    return _level(metric, days.tail(RECENT))


def _before(metric: Metric, days: pl.DataFrame) -> float | None:
    return _level(metric, days.head(max(0, len(days) - RECENT)).tail(WINDOW))


def _level(metric: Metric, days: pl.DataFrame) -> float | None:
    """A sum metric per day, or a share over the whole span."""
    if days.is_empty():
        return None
    if metric.denominator is None:
        return _mean(days[metric.numerator])
    bottom = float(days[metric.denominator].sum())
    return float(days[metric.numerator].sum()) / bottom if bottom else None


def _mean(values: pl.Series) -> float | None:
    mean = values.cast(pl.Float64).mean()
    return float(mean) if isinstance(mean, int | float) else None


def _format(metric: Metric) -> str:
    return "ratio" if metric.format == "count" else metric.format


def _sentence(
    metric: Metric,
    days: pl.DataFrame,
    levels: tuple[float | None, float | None, float | None],
) -> str:
    """The level of the recent days against `levels`: recent, own past and peers."""
    (recent, before, peers), label = levels, _recent_label(metric, days)
    if recent is None:
        return f"{metric.label}: nothing in the {label[0].lower()}{label[1:]}."
    per_day = "" if metric.denominator else " a day"
    start = f"{label}: {text.value(recent, _format(metric))}{per_day}"
    parts = [
        _compared(recent, before, f"its own {WINDOW} days before"),
        _compared(recent, peers, "the peer median"),
    ]
    return ", ".join([start, *(part for part in parts if part)]) + "."


def _recent_label(metric: Metric, days: pl.DataFrame) -> str:
    """Which days are meant: the last ones, or the last whose refunds are in."""
    if metric.is_cohort and len(days):
        return f"{RECENT} days to {days['day'][-1]}"
    return f"Last {RECENT} days"


def _young(metric: Metric, days: pl.DataFrame) -> str:
    """Where the days of a cohort end: the orders of later ones are too young."""
    if not metric.is_cohort or days.is_empty():
        return ""
    return " Refunds of later orders are still coming, so later days are left out."


def _compared(recent: float, reference: float | None, words: str) -> str:
    if reference is None:
        return ""
    if reference == 0:
        return f"against none in {words}" if recent else ""
    times = recent / reference
    return f"about the same as {words}" if abs(times - 1) <= SAME else f"{times:.2g}× {words}"
