"""What was said of a subject before, as one sentence: the first thing to read about it.

Verdicts come from the build (labels that people gave) and from the casebook (decisions since,
some of which the build has learnt already: those count once).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.cases.patterns import pattern_of
from dashboard.cases.states import ADVERSE, Verdict
from dashboard.cases.teaching import label_of
from dashboard.view_models import words
from queries.vocabulary import NEW_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from dashboard.cases.records import Decision

WHO = 16
"""Letters of a name in a cell."""
MOST = 3
"""So many verdicts are told, the latest; earlier ones are counted."""
LABEL = ("entity_key", "label_id", "label", "typology", "known_day", "taken_back_on")
"""Columns of `pages/investigate/earlier_verdicts`."""


_SHORT = {
    Verdict.CONFIRMED: "Confirmed bad",
    Verdict.LIKELY: "Likely bad",
    Verdict.INCONCLUSIVE: "Left open",
    Verdict.FALSE_POSITIVE: "Cleared",
    Verdict.VICTIM: "A victim",
}


@dataclass(frozen=True)
class _Word:
    day: date
    said: str


def verdict_day(decision: Decision) -> date:
    """The day of the data on which it was decided, or of the clock where it has none."""
    return decision.data_day or decision.decided_at.date()


def last_of(decision: Decision | None, judged_on: date | None) -> Decision | None:
    """The casebook's last decision unless a verdict that was delivered is later."""
    is_older = decision is None or (judged_on is not None and verdict_day(decision) < judged_on)
    return None if is_older else decision


def short_verdict(decision: Decision) -> str:
    """For a cell of a table, as in "Cleared on 2026-09-29 by ann"."""
    said = _SHORT[decision.verdict]
    if decision.verdict in ADVERSE and words.is_victim(decision.typology):
        said = said.replace("bad", "a victim")
    who = text.plain(decision.decided_by, length=WHO)
    return f"{said} on {verdict_day(decision)} by {who}"


def whole_verdict(decision: Decision) -> str:
    """With what it was decided for, on which grounds, and the note."""
    about = words.typology_title(decision.typology).lower() if decision.typology else ""
    said = ", ".join(part for part in (short_verdict(decision), about) if part)
    grounds = "; ".join(reasons_said(decision))
    return " · ".join(part for part in (said, grounds, text.visible(decision.note)) if part)


def reasons_said(decision: Decision) -> tuple[str, ...]:
    """Its reason codes in the words of their pack; of a new pattern the sentence that names it."""
    if pattern := pattern_of(decision):
        return (pattern,)
    pack = words.known_packs().get(decision.typology)
    known = pack.reason_codes if pack else {}
    codes = decision.reason_codes
    return tuple(str(known[code].analyst) if code in known else code for code in codes)


def verdict_table(made: Mapping[str, Decision], names: Mapping[str, str]) -> pl.DataFrame:
    """The last verdict on each of some subjects, the latest first, as display columns."""
    latest = sorted(made.items(), key=lambda one: (-one[1].audit_seq, one[0]))
    rows = [
        {
            "name": text.plain(names[key]),
            "verdict": short_verdict(decision),
            "about": words.typology_title(decision.typology) if decision.typology else "",
            "action": words.sentence_case(decision.action),
            "reasons": "; ".join(reasons_said(decision)),
            "note": text.visible(decision.note),
        }
        for key, decision in latest
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(VERDICT_COLUMNS, pl.String))


VERDICT_COLUMNS = ("name", "verdict", "about", "action", "reasons", "note")


def with_casebook(members: pl.DataFrame, made: Mapping[str, Decision]) -> pl.DataFrame:
    """Rows of `pages/case/members`, `label` and `judged_on` the casebook's where that is later."""
    ours = [(key, label_of(one), verdict_day(one)) for key, one in made.items() if label_of(one)]
    columns = {"node_key": pl.String, "our_label": pl.String, "our_day": pl.Date}
    known = pl.DataFrame(ours, schema=columns, orient="row")
    is_ours = pl.col("our_day") >= pl.coalesce("judged_on", "our_day")
    return (
        members.join(known, on="node_key", how="left", maintain_order="left")
        .with_columns(
            label=pl.when(is_ours).then("our_label").otherwise("label"),
            judged_on=pl.when(is_ours).then("our_day").otherwise("judged_on"),
        )
        .drop("our_label", "our_day")
    )


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
    return _Word(verdict_day(decision), said[decision.verdict])


def _found(typology: str | None, how: str) -> str:
    """A bad verdict; whoever is the victim of a typology is not called bad for it."""
    if words.is_victim(typology):
        return f"{how} to be a victim of {words.typology_title(typology).lower()}"
    if typology == NEW_PATTERN:
        return f"{how} bad for a new pattern"
    return f"{how} bad for {words.typology_title(typology).lower()}" if typology else f"{how} bad"
