"""What happened to an entity, newest first, in one list with the decisions.

Routine events come one line a day and kind, so that a shop with ten thousand
orders still reads on one screen; the rare ones stand alone. The calendar stands beside the
days. Everything is dated by the data's own days, decisions too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words
from dashboard.view_models.clocks import decision_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboard.cases.records import Decision

PAGE_SIZE = 40
KINDS = {
    "order": "Orders",
    "refund": "Refunds",
    "review": "Reviews",
    "trouble": "Complaints",
    "payout": "Payouts",
    "listing": "Listings",
    "session": "Live sessions",
    "label": "Labels",
    "campaign": "Campaigns",
    "account": "Account",
    "decision": "Decisions",
    "calendar": "Calendar",
}


@dataclass(frozen=True)
class Event:
    """One line. `amount_usd` is None where no money moves, `calendar` empty on a plain day."""

    day: date
    kind: str
    text: str
    amount_usd: float | None
    calendar: str = ""


@dataclass(frozen=True)
class TimelineView:
    """One page of lines; `total` counts the database's lines before the limit."""

    events: tuple[Event, ...]
    total: int
    page: int
    pages: int

    @classmethod
    def of(
        cls, lines: pl.DataFrame, decisions: Sequence[Decision] = (), *, page: int = 1
    ) -> TimelineView:
        """The view of `pages/investigate/timeline`, one line more than a page from page 2 on.

        That line is the last of the page before: a decision stands on the page of its day.
        """
        total = int(lines["total_count"][0]) if len(lines) else 0
        pages = max(1, ceil(total / PAGE_SIZE))
        before = lines["day"][0] if page > 1 and len(lines) else None
        own = lines.slice(1 if page > 1 else 0)
        last = own["day"][-1] if page < pages and len(own) else None
        events = [_event(row) for row in own.iter_rows(named=True)]
        events += [
            _decision(decision)
            for decision in decisions
            if (before is None or decision_day(decision) < before)
            and (last is None or decision_day(decision) >= last)
        ]
        ordered = sorted(events, key=lambda event: event.day, reverse=True)
        return cls(tuple(ordered), total, page, pages)

    def table(self) -> pl.DataFrame:
        """The lines as display columns."""
        return pl.DataFrame(
            {
                "day": [event.day for event in self.events],
                "kind": [event.kind for event in self.events],
                "text": [event.text for event in self.events],
                "amount": [event.amount_usd for event in self.events],
                "calendar": [event.calendar for event in self.events],
            },
            schema_overrides={"day": pl.Date, "amount": pl.Float64},
        )


def _event(row: dict[str, Any]) -> Event:
    kind, count = str(row["kind"]), int(row["event_count"])
    return Event(
        row["day"],
        KINDS.get(kind, words.sentence_case(kind)),
        _sentence(kind, count, str(row["title"] or "")),
        row["amount_usd"],
        text.plain(row["calendar"], length=30) if row["calendar"] else "",
    )


def _sentence(kind: str, count: int, title: str) -> str:
    said = words.sentence_case(title).lower()
    if kind == "review":
        return f"{text.plural(count, 'review')} with {title} {'star' if title == '1' else 'stars'}"
    if kind == "account":
        return account_words(count, title)
    if kind == "label":
        return label_words(title)
    heads = {
        "order": f"{text.plural(count, 'order')} via {said}",
        "refund": f"{text.plural(count, 'refund request')}: {said}",
        "payout": f"{text.plural(count, 'payout')} of {said}{'s' if count > 1 else ''}",
        "listing": f"{text.plural(count, 'listing')} {said}",
        "trouble": _trouble(count, title),
    }
    return heads.get(kind) or text.plain(title, length=80)


def _trouble(count: int, title: str) -> str:
    """As in "2 complaints: not received"; a dispute says so before its kind."""
    first, _, kind = title.partition(" ")
    is_dispute = first == "dispute"
    head = text.plural(count, "dispute at the bank", "disputes at the bank")
    head = head if is_dispute else text.plural(count, "complaint")
    said = words.sentence_case(kind if is_dispute else title).lower()
    return f"{head}: {said}" if said else head


_ACTS = {
    "login": ("sign-in", "sign-ins"),
    "login_failed": ("failed sign-in", "failed sign-ins"),
    "password_change": ("change of password", "changes of password"),
    "phone_change": ("change of phone", "changes of phone"),
    "address_change": ("change of address", "changes of address"),
    "bank_change": ("change of bank account", "changes of bank account"),
    "step_up_passed": ("extra check passed", "extra checks passed"),
}


def account_words(count: int, title: str) -> str:
    """What was done with an account, as in "1 change of phone on a device that is new to it"."""
    kind, _, new = title.partition(" ")
    one, many = _ACTS.get(kind, (words.sentence_case(kind).lower(),) * 2)
    return f"{count:,} {one if count == 1 else many}" + (" on a device new to it" if new else "")


def label_words(title: str) -> str:
    """A delivered verdict, as in "Cleared after a random check"."""
    label, *rest = title.split(" ")
    typology = rest[0] if len(rest) > 1 else None
    said = words.bad_for(typology, "confirmed") if label == "bad" else "cleared"
    return f"{said[0].upper()}{said[1:]} {words.label_grounds(rest[-1] if rest else None)}"


def decision_words(decision: Decision) -> str:
    """What was decided, by whom, and when by the clock."""
    verdict, action = words.sentence_case(decision.verdict), words.sentence_case(decision.action)
    who = text.plain(decision.decided_by)
    recorded = f"{decision.decided_at:%Y-%m-%d %H:%M} UTC"
    return f"{verdict}; {action.lower()}; by {who}, recorded {recorded}"


def _decision(decision: Decision) -> Event:
    return Event(decision_day(decision), KINDS["decision"], decision_words(decision), None)


def reading(page: int) -> dict[str, int]:
    """`limit` and `offset` of the query of one page: from page 2 on with the line before it."""
    ahead = 1 if page > 1 else 0
    return {"limit": PAGE_SIZE + ahead, "offset": (page - 1) * PAGE_SIZE - ahead}
