"""What was said of a subject before: one sentence to read first, and behind it who and why.

Verdicts come from the build (labels that people gave, delivered with their source) and from
the casebook (decisions since, some of which the build has learnt already: those count once).
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
from dashboard.view_models.clocks import decision_clocks, decision_day
from queries.vocabulary import OWN_APPEAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from dashboard.cases.records import Decision

WHO = 16
"""Letters of a name in a cell."""
MOST = 3
"""So many verdicts are told in the sentence, the latest; earlier ones are counted."""
MOST_SIGNALS = 3
"""So many new signals are told in words; the rest is a number."""
LABEL = (
    *("entity_key", "label_id", "label", "typology", "source", "analyst_id", "decided_at"),
    *("known_day", "taken_back_on"),
)
"""Columns of `pages/investigate/earlier_verdicts`."""
_NO_REASONS = "It was delivered as a label: without reasons and without a note."


_SHORT = {
    Verdict.CONFIRMED: "Confirmed bad",
    Verdict.LIKELY: "Likely bad",
    Verdict.INCONCLUSIVE: "Left open",
    Verdict.FALSE_POSITIVE: "Cleared",
    Verdict.VICTIM: "A victim",
}


@dataclass(frozen=True)
class EarlierVerdict:
    """One verdict. `day` is the day of the data on which it was known."""

    day: date
    said: str
    """`confirmed bad for brushing`, to be continued in a sentence."""
    who: str
    """Who said it and on what grounds, as in `ana_03, after a complaint`."""
    clocks: str
    """Both clocks: when it was recorded, and on which day of the data."""
    reasons: tuple[str, ...] = ()
    note: str = ""
    score: float | None = None
    """The probability that whoever decided had before them; None = it is not known."""
    taken_back_on: date | None = None

    @property
    def headline(self) -> str:
        """`Confirmed bad for brushing on 2026-07-03`."""
        end = f", taken back on {self.taken_back_on}" if self.taken_back_on else ""
        return f"{_upper(self.said)} on {self.day}{end}"


@dataclass(frozen=True)
class EarlierView:
    """Every verdict on one subject, latest first, at least one."""

    verdicts: tuple[EarlierVerdict, ...]

    @property
    def last(self) -> EarlierVerdict:
        """The latest."""
        return self.verdicts[0]

    @property
    def sentence(self) -> str:
        """`Confirmed bad for brushing on 2026-07-03, cleared on 2026-08-01`."""
        told = [part for verdict in reversed(self.verdicts[:MOST]) for part in _parts(verdict)]
        more = len(self.verdicts) - MOST
        return _upper(", ".join(told)) + (f" ({more} more before)" if more > 0 else "")


def last_of(decision: Decision | None, judged_on: date | None) -> Decision | None:
    """The casebook's last decision unless a verdict that was delivered is later."""
    if decision is None:
        return None
    said_on = decision.overturned_on or decision_day(decision)
    return None if judged_on is not None and said_on < judged_on else decision


def short_verdict(decision: Decision) -> str:
    """For a cell of a table, as in "Cleared on 2026-09-29 by ann"."""
    if decision.overturned_on:
        return f"Cleared on {decision.overturned_on} on appeal"
    said = _SHORT[decision.verdict]
    if decision.verdict in ADVERSE and words.is_victim(decision.typology):
        said = said.replace("bad", "a victim")
    who = text.plain(decision.decided_by, length=WHO)
    return f"{said} on {decision_day(decision)} by {who}"


def whole_verdict(decision: Decision) -> str:
    """With what it was decided for, on which grounds, and the note."""
    about = words.typology_title(decision.typology).lower() if decision.typology else ""
    said = ", ".join(part for part in (short_verdict(decision), about) if part)
    grounds = "; ".join(reasons_said(decision))
    note = text.written(decision.note)
    return " · ".join(part for part in (said, grounds, note) if part)


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
            "note": text.written(decision.note),
        }
        for key, decision in latest
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(VERDICT_COLUMNS, pl.String))


VERDICT_COLUMNS = ("name", "verdict", "about", "action", "reasons", "note")


def with_casebook(members: pl.DataFrame, made: Mapping[str, Decision]) -> pl.DataFrame:
    """Rows of `pages/case/members`, `label` and `judged_on` the casebook's where that is later."""
    ours = [
        (key, label_of(one), one.overturned_on or decision_day(one))
        for key, one in made.items()
        if label_of(one)
    ]
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
) -> dict[str, EarlierView]:
    """`earlier_verdicts` of every entity that has any, by key."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in labels.select(LABEL).iter_rows(named=True):
        rows.setdefault(row["entity_key"], []).append(row)
    views = {
        key: earlier_verdicts(rows.get(key, ()), decisions.get(key, ()))
        for key in {*rows, *decisions}
    }
    return {key: view for key, view in views.items() if view}


def earlier_verdicts(
    labels: Iterable[Mapping[str, Any]], decisions: Sequence[Decision] = ()
) -> EarlierView | None:
    """What was said of one subject; None = nobody has judged it.

    `labels` are its rows of `pages/investigate/earlier_verdicts`, `decisions` what the casebook
    holds about it, in any order.
    """
    ours = {f"lab_{decision.decision_id}" for decision in decisions}
    theirs = [
        _of_label(row)
        for row in labels
        if row["label_id"] not in ours and not (ours and _is_own_appeal(row))
    ]
    told = sorted((*theirs, *map(_of_decision, decisions)), key=lambda verdict: verdict.day)
    return EarlierView(tuple(reversed(told))) if told else None


def _is_own_appeal(row: Mapping[str, Any]) -> bool:
    """Whether a label says what an appeal of ours made of a decision: that one tells of it."""
    return str(row["label_id"]).startswith(OWN_APPEAL)


def changes_since(
    verdict: EarlierVerdict,
    conduct: Mapping[str, Any],
    signals: Iterable[tuple[str, str]],
    probability: float | None = None,
) -> tuple[str, ...]:
    """What is new about a subject since a verdict, a sentence each; none = nothing is.

    `conduct` is a row of `pages/investigate/since_verdict`, `signals` typology and code of
    `pages/investigate/new_signals`, `probability` today's.
    """
    fresh = [words.signal_text(typology, code) for typology, code in signals]
    told = [f"New signal: {one}" for one in fresh[:MOST_SIGNALS]]
    if len(fresh) > MOST_SIGNALS:
        told.append(f"{text.plural(len(fresh) - MOST_SIGNALS, 'more new signal')}")
    if verdict.score is not None and probability is not None:
        told.append(f"Probability {verdict.score:.3f} then, {probability:.3f} now")
    tied_at = conduct.get("tied_at")
    if tied_at is not None and tied_at.date() > verdict.day:
        told.append(f"Tied to its ring since {tied_at.date()}")
    return (*told, *_conduct(conduct))


def _conduct(row: Mapping[str, Any]) -> Iterable[str]:
    """What it sold or bought since, and what came back."""
    orders, refunds = int(row.get("order_count") or 0), int(row.get("refund_count") or 0)
    if orders:
        yield f"{text.plural(orders, 'order')} for {text.money(row['paid_usd'])}"
    if refunds:
        yield text.plural(refunds, "refund request")


def _parts(verdict: EarlierVerdict) -> Iterable[str]:
    yield f"{verdict.said} on {verdict.day}"
    if verdict.taken_back_on is not None:
        yield f"taken back on {verdict.taken_back_on}"


def _upper(line: str) -> str:
    return f"{line[0].upper()}{line[1:]}"


def _of_label(row: Mapping[str, Any]) -> EarlierVerdict:
    is_bad = row["label"] == "bad"
    grounds = words.label_grounds(row["source"])
    said_by = text.plain(row["analyst_id"]) if row["analyst_id"] else "Nobody named"
    decided = row["decided_at"]
    return EarlierVerdict(
        day=row["known_day"],
        said=words.bad_for(row["typology"], "confirmed") if is_bad else "cleared",
        who=f"{said_by}, {grounds}",
        clocks=f"Delivered: decided {decided:%Y-%m-%d %H:%M} UTC, known {row['known_day']}"
        if decided
        else f"Delivered: known {row['known_day']}",
        reasons=(_NO_REASONS,),
        taken_back_on=row["taken_back_on"],
    )


def _of_decision(decision: Decision) -> EarlierVerdict:
    said = {
        Verdict.CONFIRMED: words.bad_for(decision.typology, "confirmed"),
        Verdict.LIKELY: words.bad_for(decision.typology, "likely"),
        Verdict.FALSE_POSITIVE: "cleared",
        Verdict.VICTIM: "found to be a victim",
        Verdict.INCONCLUSIVE: "left open",
    }
    action = words.sentence_case(decision.action).lower()
    return EarlierVerdict(
        day=decision_day(decision),
        said=said[decision.verdict],
        who=f"{text.plain(decision.decided_by)}, {action}",
        clocks=decision_clocks(decision),
        reasons=reasons_said(decision),
        note=text.written(decision.note),
        score=decision.score,
        taken_back_on=decision.overturned_on,
    )
