"""Daily metrics with slices: what moved, where, and who is behind it.

Rates are made from sums after slicing, never averaged, so slices always add up
to the total. The period before is the equal span right before the chosen one.
A rate moves in percentage points (pp) or bps, a sum by a share of what it was.
What becomes of a day's orders is judged when they are old enough: younger days are
drawn apart and compared with nothing. A rate of fewer than 30 is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words
from dashboard.view_models.definitions import BPS, format_of, is_rate
from dashboard.view_models.drift import CalendarMark, marks_of
from queries.registry import LEAST_N

if TYPE_CHECKING:
    from queries.registry import Kpi

SPLITS = {
    "none": "No split",
    "market": "Market",
    "category": "Category",
    "channel": "Channel",
    "merchant_tier": "Shop tier",
    "buyer_age": "Buyer's account age",
    "payment_method": "Payment method",
    "creator_tier": "Creator tier",
}
DEFAULT_DAYS = 30


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

    def up_to(self, day: date) -> Period:
        """The part that ends on `day`, or one day before the period where none does."""
        return Period(self.since, min(self.until, max(day, self.since - timedelta(days=1))))


@dataclass(frozen=True)
class MetricsView:
    """One metric: `series` has day, slice, value, is_mature; `slices` is the table twin.

    Change is in percentage points for a rate, else a share of the period before.
    """

    metric: Kpi
    series: pl.DataFrame
    slices: pl.DataFrame
    marks: tuple[CalendarMark, ...]
    sentence: str
    young_since: date | None
    """First day whose orders are too young to be judged; None where none is."""

    @classmethod
    def of(
        cls,
        metric: Kpi,
        period: Period,
        *,
        days: pl.DataFrame,
        slices: pl.DataFrame,
        calendar: pl.DataFrame,
        judged: Period | None = None,
    ) -> MetricsView:
        """The view of a metric's days over `period` and its slices over its `judged` part.

        `days` has day, slice, numerator, denominator, n and is_mature, `slices` has slice and
        numerator, denominator and n of the part and of as many days before it, as in
        `numerator_after` and `numerator_before`.
        """
        judged = judged or period
        is_short = judged.until < period.until
        return cls(
            metric=metric,
            series=_named(days).select(
                "day", "slice", _enough(metric, _value(metric)), "is_mature"
            ),
            slices=_named(_slices(metric, slices)),
            marks=marks_of(calendar),
            sentence="".join(
                (
                    _sentence(metric, slices, judged),
                    _young(judged) if is_short else "",
                    _left_out(days, judged),
                    _few(metric, days),
                )
            ),
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
    def of(cls, metric: Kpi, rows: pl.DataFrame) -> MerchantsView:
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
        is_money = metric.numerator.endswith("_usd")
        return cls(_sum_label(metric.numerator), is_money, keys, table)


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


def _sum_label(name: str) -> str:
    """A sum of the cube in words: `refunded_orders` -> `Refunded orders`."""
    return words.sentence_case(name.removesuffix("_usd")).replace("Gmv", "GMV")


def _value(metric: Kpi, side: str = "") -> pl.Expr:
    top, bottom = pl.col(f"numerator{side}"), pl.col(f"denominator{side}")
    return (top if metric.is_additive else pl.when(bottom > 0).then(top / bottom)).alias("value")


def _enough(metric: Kpi, value: pl.Expr, side: str = "") -> pl.Expr:
    """A value, null where a ratio is of fewer than 30 and where a sum is of nothing."""
    return pl.when(pl.col(f"n{side}") >= (1 if metric.is_additive else LEAST_N)).then(value)


def _level(metric: Kpi, slices: pl.DataFrame, side: str) -> float | None:
    present = slices.filter(pl.col(f"n{side}") > 0)
    if present.is_empty():
        return None
    value = present.sum().select(_value(metric, side)).item()
    return None if value is None else float(value)


def _slices(metric: Kpi, slices: pl.DataFrame) -> pl.DataFrame:
    """One row per slice: now, before, change, n and share of n; rates of few suppressed."""
    scale = BPS if metric.unit == "bps" else 1.0
    sides = [
        _enough(metric, _value(metric, side) * scale, side).alias(name)
        for side, name in (("_after", "now"), ("_before", "before"))
    ]
    return (
        slices.with_columns(*sides)
        .select(
            "slice",
            "now",
            "before",
            _moved(metric).alias("change"),
            (pl.col("n_after") / pl.col("n_after").sum()).alias("share"),
        )
        .sort("share", descending=True, nulls_last=True)
    )


def _moved(metric: Kpi) -> pl.Expr:
    """The difference of two rates in their unit, else the relative change; null without both."""
    now, before = pl.col("now"), pl.col("before")
    if metric.unit == "rate":
        return _shown((now - before) * 100.0, 2)
    if is_rate(metric):
        return _shown(now - before, 1)
    return _shown(pl.when(before > 0).then(now / before - 1), 3)


def _shown(number: pl.Expr, digits: int) -> pl.Expr:
    """Rounded as a table shows it, for it would write a fall that rounds to nought as -0."""
    rounded = number.round(digits)
    return pl.when(rounded != 0).then(rounded).when(rounded == 0).then(0.0)


def _change(metric: Kpi, now: float, before: float) -> str:
    if metric.unit == "rate":
        return text.points(now - before)
    if metric.unit == "bps":
        return f"{text.signed((now - before) * BPS, 1)} bps"
    if is_rate(metric):
        return f"{text.signed(now - before, 1)} {metric.unit}"
    if not before:
        return "none before"
    moved = now / before - 1
    return f"{text.signed(moved * 100.0, 1)}%"


def _sentence(metric: Kpi, slices: pl.DataFrame, period: Period) -> str:
    now, before = (_level(metric, slices, side) for side in ("_after", "_before"))
    span = f"{period.since} to {period.until}"
    if period.length < 1:
        return f"{metric.label}: nothing can be said of these days yet."
    if now is None:
        return f"{metric.label}: nothing from {span}."
    counted = int(slices["n_after"].sum())
    if not metric.is_additive and counted < LEAST_N:
        few = f"fewer than {LEAST_N}: no value is shown."
        return f"{metric.label}: {counted} counted from {span}, {few}"
    level = text.value(now, format_of(metric))
    if before is None:
        return f"{metric.label}: {level} from {span}; there is no earlier period to compare with."
    return (
        f"{metric.label}: {level} from {span}, against {text.value(before, format_of(metric))} in "
        f"the {text.plural(period.length, 'day')} before ({_change(metric, now, before)})."
    )


def _left_out(days: pl.DataFrame, judged: Period) -> str:
    """Which days of the judged part are not mature: verdicts did not arrive."""
    inside = pl.col("day").is_between(judged.since, judged.until)
    holes = days.filter(inside & ~pl.col("is_mature"))["day"].unique().sort().to_list()
    if not holes:
        return ""
    span = f"{holes[0]}" if len(holes) == 1 else f"{holes[0]} to {holes[-1]}"
    return (
        f" {text.plural(len(holes), 'day')} ({span}) {_are(len(holes))} left out"
        ": verdicts did not arrive when they were due."
    )


def _few(metric: Kpi, days: pl.DataFrame) -> str:
    """How many of the points of a ratio are of too few to be shown."""
    few = 0 if metric.is_additive else days.filter(pl.col("n") < LEAST_N).height
    if not few:
        return ""
    return f" {text.plural(few, 'point')} of fewer than {LEAST_N} {_are(few)} not drawn."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _young(judged: Period) -> str:
    return (
        f" Days after {judged.until} are too young: what becomes of them is still coming in, so "
        "they are drawn apart and compared with nothing."
    )
