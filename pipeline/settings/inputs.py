"""What a delivery may be like before it is refused, and a build before it is not published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class InputSettings:
    """How raw tables are read, and how much of one may be wrong."""

    as_of: date | None = None
    """The day of the build; None = the day after the last day with a normal number of orders."""
    tolerance: float = 0.01
    """Share of a table's rows that may be set aside: clocks of carriers disagree and accounts
    are erased in every marketplace, one row in a hundred is a fault of the export."""
    followers: int = 3
    """Rows of a small table that may go as what they refer to is gone, though they are more ..."""
    followers_share: float = 0.1
    """... but no more than one in ten: a buyer who is erased may have been in two disputes."""
    late_days: int = 7
    """Days after the last normal day in which single orders are left out: exports of one night
    take turns. Later ones are a wrong clock."""
    event_days: int = 60
    """The same of what follows an order: refunds, reviews and parcels of an extract that was cut
    by the day of its orders."""
    normal_share: float = 0.05
    """A day has a normal number of orders from one in twenty of the usual number on: a day cut
    short in the morning has more, a handful of wrong clocks less."""
    usual_orders: int = 20
    """Orders by which a day is judged: where a day has fewer, as many days are taken together
    as usually have so many."""
    usual_days: int = 28
    """Days taken together at most."""
    early_days: int = 90
    """The first day is normal when a quarter from it on ..."""
    early_share: float = 0.001
    """... holds one in a thousand of a usual quarter's orders: a marketplace begins small."""
    rate_factor: float = 30.0
    """An exchange rate so many times above or below the median of its currency is a slip of the
    comma; the worst inflation of a year is below it."""
    part_times: float = 10.0
    """Refund, payout, commission or dispute of so many times its order's money cannot be."""
    part_over: float = 1.2
    """The same of so many times is said: no shipping back and no compensation is usually more
    than a fifth."""
    unit_times: float = 20.0
    """Price or weight of so many times what other rows say of the same thing is in another
    unit: an ounce has 28 grams, no usual discount and no wrapping comes near."""
    unit_rows: int = 20
    """Rows from which a median says what is usual."""
    sum_share: float = 0.02
    """What is paid may differ from what it adds up from by two in a hundred (rounding, fees) ..."""
    sum_minor: int = 5
    """... and by five minor units."""
    least_average_usd: float = 0.01
    """A market whose average order is worth less than a cent ..."""
    most_average_usd: float = 10_000.0
    """... or more than a used car has its money in another unit: said, not refused."""


@dataclass(frozen=True)
class PublishSettings:
    """When a finished build is not put in the place of the served one."""

    least_share: float = 0.5
    """Alerts, or rows of a table, that are left of the last build's: fewer is a collapse."""
    least_alerts: int = 20
    """Fewer alerts of the last build than this may all have closed."""
    least_rows: int = 100
    """The same of the rows of a table."""
    quiet_days: int = 7
    """Days without an order before the day of the build from which that day is doubted."""
