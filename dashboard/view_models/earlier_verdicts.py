"""What was said of a subject before, as one sentence: the first thing to read about it.

Verdicts come from the build (labels that people gave) and from the casebook (decisions since,
some of which the build has learnt already: those count once).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.cases.states import Verdict
from dashboard.view_models import words
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import polars as pl

    from dashboard.cases.records import Decision

MOST = 3
"""So many verdicts are told, the latest; earlier ones are counted."""
LABEL = ("entity_key", "label_id", "label", "typology", "known_day", "taken_back_on")
"""Columns of `pages/investigate/earlier_verdicts`."""


@dataclass(frozen=True)
class _Word:
    day: date
    said: str


def earlier_by_key(
    labels: pl.DataFrame, decisions: Mapping[str, Sequence[Decision]]
) -> dict[str, str]:
    """`earlier_verdicts` of every entity that has any, by key."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in labels.select(LABEL).iter_rows(named=True):
        rows.setdefault(row["entity_key"], []).append(row)
    return {
        key: earlier_verdicts(rows.get(key, ()), decisions.get(key, ()))
        for key in {*rows, *decisions}
    }


def earlier_verdicts(
    labels: Iterable[Mapping[str, Any]], decisions: Sequence[Decision] = ()
) -> str:
    """`Confirmed bad for brushing on 2026-07-03, cleared on 2026-08-01`; empty = never judged.

    `labels` are rows of `pages/investigate/earlier_verdicts` of one subject, `decisions` what
    the casebook holds about it, in any order.
    """
    ours = {f"lab_{decision.decision_id}" for decision in decisions}
    theirs = (word for row in labels if row["label_id"] not in ours for word in _of_label(row))
    told = sorted((*theirs, *map(_of_decision, decisions)), key=lambda word: word.day)
    if not told:
        return ""
    line = ", ".join(f"{word.said} on {word.day}" for word in told[-MOST:])
    before = f" ({len(told) - MOST} more before)" if len(told) > MOST else ""
    return f"{line[0].upper()}{line[1:]}{before}"


def _of_label(row: Mapping[str, Any]) -> Iterable[_Word]:
    said = _found(row["typology"], "confirmed") if row["label"] == "bad" else "cleared"
    yield _Word(row["known_day"], said)
    if row["taken_back_on"] is not None:
        yield _Word(row["taken_back_on"], "that taken back")


def _of_decision(decision: Decision) -> _Word:
    said = {
        Verdict.CONFIRMED: _found(decision.typology, "confirmed"),
        Verdict.LIKELY: _found(decision.typology, "likely"),
        Verdict.FALSE_POSITIVE: "cleared",
        Verdict.VICTIM: "found to be a victim",
        Verdict.INCONCLUSIVE: "left open",
    }
    return _Word(decision.data_day or decision.decided_at.date(), said[decision.verdict])


def _found(typology: str | None, how: str) -> str:
    """A bad verdict; whoever is the victim of a typology is not called bad for it."""
    if words.is_victim(typology):
        return f"{how} to be a victim of {words.typology_title(typology).lower()}"
    if typology == NEW_PATTERN:
        return f"{how} bad for a new pattern"
    return f"{how} bad for {words.typology_title(typology).lower()}" if typology else f"{how} bad"
