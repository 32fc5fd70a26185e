"""Spans of days, and two of them held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


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
class Compared:
    """The days of now and of before, of equal length unless they were chosen otherwise."""

    now: Period
    before: Period

    @classmethod
    def of(cls, now: Period, before: Period | None = None) -> Compared:
        """`now` against `before`, or against the equal span right before it."""
        return cls(now, before or now.before)

    def up_to(self, day: date) -> Compared:
        """The same lengths, moved back so that no day is later than `day`."""
        late = max((self.now.until - day).days, 0)
        return Compared(_earlier(self.now, late), _earlier(self.before, late)) if late else self

    @property
    def days(self) -> tuple[int, int]:
        """Lengths of before and of now."""
        return self.before.length, self.now.length


def _earlier(period: Period, days: int) -> Period:
    shift = timedelta(days=days)
    return Period(period.since - shift, period.until - shift)
