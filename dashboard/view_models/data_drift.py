"""What drifted in the orders: the columns in words, the sentence, the table and two windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard.text import joined, percent, plain, plural, value
from dashboard.view_models.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True)
class Column:
    """How a column of `drift.order_values` is said."""

    label: str
    unit: str = ""
    """Of a number: a format of `dashboard.text.value`."""


COLUMNS = {
    "amount_usd": Column("Amount paid", "money"),
    "discount_usd": Column("Discount", "money"),
    "shipping_usd": Column("Shipping", "money"),
    "items": Column("Items", "count"),
    "commission_rate": Column("Commission rate", "percent"),
    "click_seconds": Column("Click to order", "seconds"),
    "view_seconds": Column("Time on the listing", "seconds"),
    "payment_seconds": Column("Order to payment", "seconds"),
    "buyer_age_days": Column("Age of the account", "days"),
    "listing_age_days": Column("Age of the listing", "days"),
    "dispatch_hours": Column("Order to parcel", "hours"),
    "delivery_days": Column("Order to arrival", "days"),
    "parcel_grams": Column("Parcel weight, g", "count"),
    "carrier_scans": Column("Scans of the carrier", "count"),
    "payment_method": Column("Payment method"),
    "channel": Column("Channel"),
    "category": Column("Category"),
    "currency": Column("Currency"),
    "billing_match": Column("Billing address matches"),
    "express": Column("Express"),
    "prior_view": Column("Looked at before"),
    "carrier": Column("Carrier"),
    "rating": Column("Rating"),
    "refund_reason": Column("Reason of a refund"),
}
"""Every column that is watched."""
EPISODE_DAYS = 7
"""Alarms of a column that follow within a week are told as one."""
MOST_TOLD = 3
WINDOW_DAYS = 14
BEFORE_DAYS = 28


@dataclass(frozen=True)
class Told:
    """What moved from one day on, in a sentence."""

    column: str
    day: date
    last_day: date
    sentence: str


def windows(first: date, last: date, asked: Mapping[str, str]) -> tuple[Period, Period]:
    """The days looked at and those they are held against, both inside the data.

    `asked` are ISO days by since, until, before_since, before_until; by default the last two
    weeks and the four before them.
    """
    now = _period(asked, "since", "until", Period(last - timedelta(days=WINDOW_DAYS - 1), last))
    now = Period(max(now.since, first), min(max(now.until, first), last))
    usual = Period(now.since - timedelta(days=BEFORE_DAYS), now.since - timedelta(days=1))
    before = _period(asked, "before_since", "before_until", usual)
    return now, Period(max(before.since, first), min(max(before.until, first), last))


def _period(asked: Mapping[str, str], since: str, until: str, usual: Period) -> Period:
    try:
        days = [type(usual.since).fromisoformat(asked.get(name, "")) for name in (since, until)]
    except ValueError:
        return usual
    return Period(*days) if days[0] <= days[1] else usual


def told(alarms: pl.DataFrame, market: str) -> tuple[Told, ...]:
    """Rows of `pages/drift/alarms` as episodes, the latest first."""
    found: list[Told] = []
    for (name,), own in alarms.sort("day").group_by("column_name", maintain_order=True):
        episode: list[dict[str, object]] = []
        for row in own.iter_rows(named=True):
            if episode and (row["day"] - episode[-1]["day"]).days > EPISODE_DAYS:
                found.append(_episode(str(name), episode, market))
                episode = []
            episode.append(row)
        found.append(_episode(str(name), episode, market))
    return tuple(sorted(found, key=lambda one: (one.day, one.column), reverse=True))


def _episode(name: str, rows: list[dict[str, object]], market: str) -> Told:
    first, last = rows[0], rows[-1]
    row = max(rows, key=lambda one: abs(float(str(one["effect"]))))
    where = "" if market == "all" else f" in {plain(market)}"
    before, now = (percent(float(str(row[key])), digits=0) for key in ("share_before", "share"))
    words = f"{COLUMNS[name].label}{where}: from {before} to {now} {_what(name, row)}"
    day, last_day = first["day"], last["day"]
    span = f"on {day:%-d %b}" if day == last_day else f"{day:%-d %b} – {last_day:%-d %b}"
    event = f"; {plain(first['event'])}" if first["event"] is not None else ""
    return Told(name, day, last_day, f"{words}, {span}{event}.")  # type: ignore[arg-type]


def _what(name: str, row: Mapping[str, object]) -> str:
    """Which share moved, after its two figures."""
    unit, kind = COLUMNS[name].unit, row["kind"]
    if kind == "missing":
        return "missing"
    if kind == "unseen":
        return "in values never seen before"
    if kind == "level":
        return plain(row["level"])
    if kind == "high tail":
        return f"above {value(float(str(row['low'])), unit)}"
    return f"at most {value(float(str(row['high'])), unit)}"


def summary(found: tuple[Told, ...], period: Period) -> str:
    """How much moved in the days looked at, in one sentence."""
    span = f"{period.since:%-d %b} – {period.until:%-d %b}"
    if not found:
        return f"No column was unlike the 28 days before it on any day of {span}."
    labels = [COLUMNS[name].label.lower() for name in sorted({one.column for one in found})]
    return f"{plural(len(labels), 'column')} moved within {span}: {joined(labels)}."


def column_table(columns: pl.DataFrame, days: pl.DataFrame, last: date) -> pl.DataFrame:
    """`pages/drift/columns` as display columns, the days of each as a line up to `last`."""
    lines = (
        days.filter(pl.col("day") <= last)
        .sort("day")
        .group_by("column_name")
        .agg(
            (pl.col("psi") / pl.col("psi_floor")).tail(60).alias("line"),
            pl.col("is_alarm").tail(60).sum().alias("alarms"),
        )
    )
    rows = columns.filter(pl.col("column_name").is_in(list(COLUMNS)))
    words = {name: column.label for name, column in COLUMNS.items()}
    return rows.join(lines, on="column_name", how="left", maintain_order="left").with_columns(
        label=pl.col("column_name").replace_strict(words, return_dtype=pl.String),
        times=pl.col("psi") / pl.col("noise"),
        alarms=pl.col("alarms").fill_null(0),
    )


def bin_labels(name: str, rows: pl.DataFrame) -> list[str]:
    """What stands under each bar of `pages/drift/distribution`."""
    unit = COLUMNS[name].unit
    return [_bin_label(row, unit) for row in rows.iter_rows(named=True)]


def _bin_label(row: Mapping[str, object], unit: str) -> str:
    if row["kind"] == "missing":
        return "missing"
    if row["kind"] == "unseen":
        return "never seen"
    if row["kind"] == "level":
        return plain(row["level"], length=24)
    low, high = float(str(row["low"])), float(str(row["high"]))
    if math.isinf(high):
        return f"> {value(low, unit)}"
    return f"≤ {value(high, unit)}"
