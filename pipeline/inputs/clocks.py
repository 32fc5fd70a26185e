"""Which day a delivery stands at, whatever single clocks say.

The day of the build is the midnight after the last day with a normal number of orders. One
order stamped 2099 would otherwise make every feature one of an empty quarter, and one stamped
1970 ask for the snapshots of fifty years.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING

from pipeline.inputs.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from pipeline.inputs.raw_views import Delivered
    from pipeline.settings.inputs import InputSettings

EARLIEST = date(1990, 1, 1)
"""Nobody sold online before: an earlier time is what a computer writes for no time at all."""
LATEST = date(9999, 12, 31)
"""Last day that other programs can hold, and what many write for "for ever"."""
_DAYS = """
select cast({column} as date) as day, count(*) from raw.orders
where {column} >= timestamp '{first}' and {column} < timestamp '{last}'
group by day order by day
"""


ZONE = r":\d\d(\.\d+)? ?(Z|UTC|GMT|[+-]\d\d(:?\d\d)?|[A-Za-z]+(/[A-Za-z_]+)+)$"
"""The end of a time that says of which zone it is; a day alone, as 2025-05-10, does not."""


@dataclass(frozen=True)
class Clock:
    """Where the days of a delivery begin and end."""

    first_day: date
    """First day with a normal number of orders."""
    as_of: date
    """The day of the build: midnight UTC; only what came before is known."""
    last_known: date
    """Orders from this day on, and times that nothing leaves out, are a wrong clock."""
    last_event: date
    """Other rows from this day on are a wrong clock; those between follow orders of before."""
    is_asked: bool
    """Whether somebody named the day: then whatever came later is left out."""
    has_tail: bool
    """Whether orders lie on or after the day of the build."""
    last_order: date | None = None
    """The last day before the day of the build that has an order; None without one."""
    is_of_wall: bool = False
    """Whether its last day is today, as for rows that have just come in."""

    @classmethod
    def of_wall(cls, first_day: date, today: date) -> Clock:
        """The clock of rows that come in today, after orders since `first_day`."""
        tomorrow = today + timedelta(days=1)
        ends = (tomorrow, tomorrow, tomorrow)
        return cls(first_day, *ends, is_asked=False, has_tail=False, is_of_wall=True)

    @property
    def last_day(self) -> date:
        """The day before the day of the build."""
        return self.as_of - timedelta(days=1)

    def leaves_out(self, table: str) -> bool:
        """Whether later rows of a table are left out without a word about their clocks.

        A refund or review follows its order by weeks, so an extract that is cut by the day of
        the orders has some. A label that is known later stays, and that is said.
        """
        return self.is_asked or (self.has_tail if table == "orders" else table != "labels")

    def wrong_from(self, table: str) -> date:
        """The day from which on a time of a table is a wrong clock."""
        is_event = self.leaves_out(table) and table != "orders"
        return self.last_event if is_event else self.last_known


def quiet_doubt(as_of: date, last: date | None, most: int) -> tuple[str, str, str] | None:
    """What is wrong with a day of the build after the last order, why, and what to do.

    None where fewer than `most` days without an order lie between.
    """
    if last is None:
        return (
            f"The delivery holds no paid orders before {as_of}, the day of the build.",
            "Orders of at least 30 days before it are needed for features and scores.",
            "Name a later day: --as-of DATE",
        )
    quiet = (as_of - last).days - 1
    if quiet < most:
        return None
    return (
        f"The day of the build would be {as_of}, {quiet:,} days without an order after {last}.",
        "Scores speak of what happened in the days before.",
        f"Name a day near it (--as-of {last + timedelta(days=1)})",
    )


def clock_of(con: duckdb.DuckDBPyConnection, settings: InputSettings) -> Clock | None:
    """The clock of the orders in `raw.orders`; None without an order."""
    days = _order_days(con)
    if not days:
        return None
    counts = _Counts.of(days)
    first, last = counts.first_normal(settings), counts.last_normal(settings)
    as_of = settings.as_of or last + timedelta(days=1)
    is_asked = settings.as_of is not None
    late, events = (
        as_of + timedelta(days=0 if is_asked else after)
        for after in (settings.late_days, settings.event_days)
    )
    has_tail = any(day >= as_of for day, _ in days)
    before = max((day for day, _ in days if day < as_of), default=None)
    return Clock(min(first, as_of), as_of, late, events, is_asked, has_tail, before)


def mixed_zones(con: duckdb.DuckDBPyConnection, delivered: Delivered) -> list[Fault]:
    """Times of text that say of which zone they are in some rows and not in others.

    One of the two is hours off, and nobody can say which.
    """
    columns = [
        column
        for name, column in delivered.table.columns.items()
        if (column.type, delivered.types.get(name)) == ("timestamp", "varchar")
    ]
    if not columns:
        return []
    counts = ", ".join(
        f"count(*) filter (where regexp_matches({value}, '{ZONE}')), count({value})"
        for value in (f"trim({delivered.original(column)})" for column in columns)
    )
    values = con.execute(f"select {counts} from delivered.{delivered.name}").fetchall()[0]
    return [
        Fault(
            delivered.file,
            column.name,
            0,
            f"{zoned:,} of {times:,} times have a zone or an offset, the others none",
            "Write all of them in UTC, or each with its offset.",
            "Some of them are hours off.",
        )
        for column, zoned, times in zip(columns, values[::2], values[1::2], strict=True)
        if 0 < zoned < times
    ]


def _order_days(con: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    """Days with the orders paid on them; of orders placed, where nobody paid one."""
    for column in ("paid_at", "created_at"):
        sql = _DAYS.format(column=column, first=EARLIEST, last=LATEST)
        days = con.execute(sql).fetchall()
        if days:
            return days
    return []


@dataclass(frozen=True)
class _Counts:
    """Orders by day, and how many there were until then."""

    days: Sequence[date]
    sums: Sequence[int]

    @classmethod
    def of(cls, days: list[tuple[date, int]]) -> _Counts:
        return cls([day for day, _ in days], [0, *accumulate(count for _, count in days)])

    def between(self, first: date, last: date) -> int:
        """Orders from one day to another, both included."""
        start, end = bisect_left(self.days, first), bisect_right(self.days, last)
        return self.sums[end] - self.sums[start]

    def last_normal(self, settings: InputSettings) -> date:
        """The last day that, with those just before, has a normal number of orders."""
        usual = median(self.sums[i + 1] - self.sums[i] for i in range(len(self.days)))
        window = min(settings.usual_days, max(1, math.ceil(settings.usual_orders / usual)))
        before = timedelta(days=window - 1)
        counts = [self.between(day - before, day) for day in self.days]
        least = max(1.0, settings.normal_share * median(counts))
        normal = [day for day, count in zip(self.days, counts, strict=True) if count > least]
        return normal[-1] if normal else self.days[-1]

    def first_normal(self, settings: InputSettings) -> date:
        """The first day from which on orders come in some number."""
        after = timedelta(days=settings.early_days - 1)
        counts = [self.between(day, day + after) for day in self.days]
        least = max(1.0, settings.early_share * median(counts))
        normal = [day for day, count in zip(self.days, counts, strict=True) if count > least]
        return normal[0] if normal else self.days[0]
