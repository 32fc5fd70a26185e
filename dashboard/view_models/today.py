"""What a day of the queue is: what waits, what is due, what came back, how far one gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl

    from dashboard.cases.standing import Standing


@dataclass(frozen=True)
class Today:
    """What waits, what is due and what came back, as facts of one line."""

    facts: tuple[str, ...]
    came_back: int

    @classmethod
    def of(
        cls,
        cases: pl.DataFrame,
        statuses: Mapping[str, Standing],
        today: date,
        minutes_of_day: float,
    ) -> Today:
        """Facts of `pages/queue/open_cases` under the filters, and of the casebook's days."""
        total = cases.row(0, named=True) if len(cases) else _NOTHING
        due = sum(
            each.review_on is not None and each.review_on <= today for each in statuses.values()
        )
        facts = (
            (
                f"{text.plural(int(total['total_count']), 'case')}, "
                f"{text.plural(int(total['alert_total']), 'alert')}"
            ),
            *_costs(total["exposure_total"], total["harm_total"]),
            _work(float(total["minutes_total"] or 0.0), minutes_of_day),
            *((f"{text.plural(due, 'review')} due",) if due else ()),
            f"today is {today}",
        )
        return cls(facts, int(total["reopened_total"]))


_NOTHING: dict[str, Any] = {
    "total_count": 0,
    "alert_total": 0,
    "exposure_total": None,
    "harm_total": None,
    "minutes_total": 0.0,
    "reopened_total": 0,
}


def _work(minutes: float, minutes_of_day: float) -> str:
    """How long it all takes, and what of it fits today where it does not fit whole."""
    whole, today = hours(minutes), hours(minutes_of_day)
    part = f", {today} of them today" if minutes > minutes_of_day and whole != today else ""
    return f"{whole} of work{part}"


def hours(minutes: float) -> str:
    """A length of work, as in `6 hours` or `40 minutes`."""
    whole = round(minutes / 60)
    return text.plural(whole, "hour") if whole else text.plural(round(minutes), "minute")


def _costs(exposure_usd: float | None, harm_usd: float | None) -> tuple[str, ...]:
    """Money and harm that wait; nothing where no orders were delivered that would tell."""
    harm = f" and {text.money(harm_usd)} of harm" if harm_usd else ""
    return () if exposure_usd is None else (f"{text.money(exposure_usd)}{harm} at risk",)
