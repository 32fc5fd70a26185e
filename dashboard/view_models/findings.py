"""What moved, in sentences: where, since when, why, who is behind it, what is done about it.

Causes come before culprits: a release or a campaign that explains a movement is said before
anybody is named, and where nothing explains it, that is said too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models.cause_words import cause_sentence
from dashboard.view_models.measures import level
from dashboard.view_models.metric_words import slice_label
from queries.registry import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from queries.registry import Kpi

MOST_BEHIND = 2
"""Subjects named behind a movement; the table has all of them."""
QUIET = "Nothing moved beyond what chance, weekdays and the calendar make of it."
_VERBS = {
    ("spike", True): "jumped to",
    ("spike", False): "dropped to",
    ("shift", True): "rose to",
    ("shift", False): "fell to",
    ("leading", True): "rose to",
    ("leading", False): "fell to",
}


@dataclass(frozen=True)
class Finding:
    """One movement in words, and the address that shows it."""

    movement_id: str
    sentence: str
    cause: str
    who: str
    doing: str
    tone: str
    """good, bad, or none."""
    is_early: bool
    """Of a metric that moves before those that wait for verdicts."""
    first_day: date
    last_day: date
    noticed_on: date
    """The first evening on which it showed."""
    params: Mapping[str, str]
    """The metric, slice and days, as parameters of the page."""
    subject: str
    """Key of the ring or entity most behind it; empty where nobody is."""

    def is_of(self, slices: Mapping[str, Sequence[str]]) -> bool:
        """Whether it is of exactly `slices` (values by dimension)."""
        own = {name: (self.params[name],) for name in DIMENSIONS if name in self.params}
        return own == {name: tuple(values) for name, values in slices.items()}

    def is_within(self, slices: Mapping[str, Sequence[str]]) -> bool:
        """Whether it is of a part of `slices` (values by dimension); anything is of everything."""
        own = {name: value for name, value in self.params.items() if name in slices}
        inside = all(value in slices[name] for name, value in own.items())
        return inside and (bool(own) or not slices)


def findings_of(
    rows: pl.DataFrame,
    causes: pl.DataFrame,
    behind: pl.DataFrame,
    known: Mapping[str, Kpi],
    standing: Mapping[str, str],
    rings: Mapping[str, str],
) -> tuple[Finding, ...]:
    """The rows of `pages/metrics/movements` in order, with what explains each and who is behind.

    `standing` says what is done about a subject, by key; `rings` what a ring is called, by id.
    """
    why, who = _by_movement(causes), _by_movement(behind)
    return tuple(
        _finding(
            row,
            known[row["metric"]],
            why.get(row["movement_id"], []),
            _named(who.get(row["movement_id"], []), rings),
            standing,
        )
        for row in rows.iter_rows(named=True)
        if row["metric"] in known
    )


def _named(behind: list[dict[str, Any]], rings: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rings by what they are called and shops in none of these, the largest part first."""
    own = [
        {**one, "name": rings[one["ring_id"]]}
        for one in behind
        if one["entity_type"] == "ring" and one["ring_id"] in rings
    ]
    told = {one["ring_id"] for one in own}
    shops = [one for one in behind if one["entity_type"] != "ring" and one["ring_id"] not in told]
    return sorted([*own, *shops], key=lambda one: -float(one["share"] or 0.0))


def _by_movement(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    parts = rows.partition_by("movement_id", as_dict=True) if rows.height else {}
    return {str(key[0]): part.to_dicts() for key, part in parts.items()}


def ring_standing(members: pl.DataFrame, decided: Collection[str]) -> dict[str, str]:
    """How far each ring is decided; `members` has ring_id and entity_key."""
    own = members.with_columns(is_decided=pl.col("entity_key").is_in(list(decided)))
    counts = own.group_by("ring_id", maintain_order=True).agg(
        pl.len().alias("all"), pl.col("is_decided").sum().alias("done")
    )
    return {
        ring: f"{done} of {count} decided." if done else "No decision yet."
        for ring, count, done in counts.iter_rows()
    }


def _finding(
    row: Mapping[str, Any],
    kpi: Kpi,
    causes: list[dict[str, Any]],
    behind: list[dict[str, Any]],
    standing: Mapping[str, str],
) -> Finding:
    first = behind[0] if behind else {}
    subject = _key(first) if first else ""
    return Finding(
        movement_id=row["movement_id"],
        sentence=_sentence(row, kpi),
        cause=cause_sentence(causes),
        who=_who(behind),
        doing=standing.get(subject, "No decision yet.") if subject else "",
        tone=row["direction"],
        is_early=kpi.leading,
        first_day=row["first_day"],
        last_day=row["last_day"],
        noticed_on=row["noticed_on"],
        params=_params(row, kpi),
        subject=subject,
    )


def _sentence(row: Mapping[str, Any], kpi: Kpi) -> str:
    rises = row["actual"] >= row["expected"]
    span = f"{level(row['low'], kpi.unit)} to {level(row['high'], kpi.unit)}"
    return (
        f"{kpi.label}{_where(row)} {_VERBS[row['kind'], rises]} {level(row['actual'], kpi.unit)} "
        f"{_when(row['first_day'], row['last_day'])}, expected {span}"
        f"{_counted(row['n'])}."
    )


def _counted(n: float | None) -> str:
    return "" if n is None else f" (n = {text.count(n)})"


def _where(row: Mapping[str, Any]) -> str:
    values = [row[name] for name in ("value_a", "value_b") if row[name]]
    return f" in {' · '.join(slice_label(value) for value in values)}" if values else ""


def _when(first: date, last: date) -> str:
    if first == last:
        return f"on {first:%-d %b}"
    return f"from {first:%-d %b} to {last:%-d %b}"


def _who(behind: list[dict[str, Any]]) -> str:
    named = [
        f"{text.plain(one['name'])} ({text.percent(one['share'], digits=0)})"
        for one in behind[:MOST_BEHIND]
        if one["share"] is not None and one["share"] > 0.0
    ]
    return f"Behind it: {text.joined(named)} of the change." if named else ""


def _key(row: Mapping[str, Any]) -> str:
    return str(row["ring_id"] or f"{row['entity_type']}:{row['entity_id']}")


def _params(row: Mapping[str, Any], kpi: Kpi) -> dict[str, str]:
    slices = {
        row[f"dimension_{side}"]: row[f"value_{side}"]
        for side in ("a", "b")
        if row[f"dimension_{side}"]
    }
    days = {"since": f"{row['first_day']}", "until": f"{row['last_day']}"}
    return {"metric": kpi.code, **slices, **days, "finding": row["movement_id"]}
