"""The report of one decision as values: what stood on the screen, who did what, what came of it.

Made of what the casebook keeps, and of this release's words for codes: never of the packs, the
currency or the numbers of the build that is served today, so that it is the same to the byte
whenever it is made again. Amounts are in US dollars, as they are kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.theme import BAND_LABELS
from dashboard.view_models import words
from dashboard.view_models.drift import METRICS
from dashboard.view_models.statement import outcome_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from dashboard.cases.records import AuditEntry
    from dashboard.cases.redress import CaseRecord, Redress, Statement

_SEEN = {
    "market": "Market",
    "peer_group": "Compared with",
    "as_of": "Data as of",
    "probability": "Probability",
    "score": "Score of the model",
    "signal_share": "By signals alone",
    "score_band": "Band",
    "alert_typology": "Alert",
    "alert_opened_on": "Alert opened on",
    "exposure_usd": "Still to be lost, USD",
    "held_usd": "Held, USD",
    "ring_id": "Ring",
    "ring_role": "Part in the ring",
    "model_version": "Model",
    "data_version": "Data version",
}


@dataclass(frozen=True)
class Sheet:
    """A table: its columns (those that are numbers marked by a `#` before) and rows of text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading with its lines (name and value), paragraphs and tables, in this order."""

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class CaseReport:
    """The report: a title, what it is of, and its sections."""

    title: str
    source: str
    sections: tuple[Section, ...]


def report_of(kept: CaseRecord) -> CaseReport:
    """The report of what is kept of a decision."""
    decision = kept.decision
    subject = f"{words.sentence_case(decision.entity_type)} {text.visible(decision.entity_id)}"
    seal = next((one.hash for one in reversed(kept.entries)), "")
    snapshot = f"evidence {decision.snapshot_id}" if decision.snapshot_id else "no evidence kept"
    return CaseReport(
        f"Case report: {subject}",
        f"Decision {decision.decision_id}, as of entry {kept.until} of the audit trail, "
        f"seal {seal}; {snapshot}. Instants are UTC, amounts US dollars.",
        tuple(_sections(kept)),
    )


def _sections(kept: CaseRecord) -> Iterator[Section]:
    yield _subject(kept)
    yield _decision(kept)
    yield evidence_of(kept.decision.entity_type, kept.snapshot)
    if kept.effects:
        yield Section("What was done", sheets=(_effects(kept.effects),))
    for statement in kept.statements:
        yield _statement(statement)
    if kept.redress and kept.redress.appeal:
        yield _appeal(kept.redress)
    yield Section("Audit trail", sheets=(_trail(kept.entries),))


def _subject(kept: CaseRecord) -> Section:
    decision, shown = kept.decision, kept.snapshot.get("shown") or {}
    name = kept.snapshot.get("name") or shown.get("name")
    lines = [
        ("Kind", words.sentence_case(decision.entity_type)),
        ("Id", text.visible(decision.entity_id)),
        *([("Name", text.visible(name))] if name else []),
        ("Case", decision.case_id),
    ]
    return Section("Subject", tuple(lines))


def _decision(kept: CaseRecord) -> Section:
    one = kept.decision
    confidence = "not given" if one.confidence is None else f"{one.confidence:.0%}"
    lines = [
        ("Verdict", words.sentence_case(one.verdict)),
        ("Typology", one.typology or "none"),
        ("Action", words.sentence_case(one.action)),
        ("Reasons", text.written("; ".join(one.reason_codes)) or "none"),
        ("Confidence", confidence),
        ("Decided by", f"{text.visible(one.decided_by)}, {_instant(one.decided_at)}"),
        ("Day of the data", f"{one.data_day or 'not kept'}"),
        ("Legal basis", one.legal_basis or "terms"),
        ("Data version", one.data_version or "not kept"),
        ("Model", one.model_version or "not kept"),
    ]
    lines += [
        (words.sentence_case(json.loads(entry.after)["state"]), _who(entry))
        for entry in kept.entries
        if entry.action == "move_case" and entry.seq > one.audit_seq
    ]
    if one.evidence:
        lines.append(("Evidence attached", text.written(one.evidence)))
    return Section("Decision", tuple(lines), (text.written(one.note, longest=10_000),))


def evidence_of(entity_type: str, seen: Mapping[str, Any]) -> Section:
    """What was seen of a subject: figures, what moved the score, signals; `seen` is a snapshot."""
    if not seen:
        return Section("Evidence", paragraphs=("Nothing was kept of what was seen.",))
    lines = tuple(
        (label, _seen(name, seen[name]))
        for name, label in _SEEN.items()
        if seen.get(name) is not None
    )
    sheets = (_facts(entity_type, seen), _reasons(entity_type, seen), _signals(seen))
    return Section("Evidence", lines, sheets=tuple(one for one in sheets if one.rows))


def _facts(entity_type: str, seen: Mapping[str, Any]) -> Sheet:
    metrics = {one.code: one for one in METRICS.get(entity_type, ())}
    rows = tuple(
        (
            metrics[code].label if code in metrics else words.sentence_case(code),
            *(_figure(metrics, code, fact.get(part)) for part in ("short", "long", "middle")),
            f"{fact.get('days', '')}",
        )
        for code, fact in sorted((seen.get("facts") or {}).items())
    )
    return Sheet(("Figure", "#Short span", "#Usual", "#Middle peer", "#Days"), rows)


def _figure(metrics: Mapping[str, Any], code: str, value: float | None) -> str:
    form = metrics[code].format if code in metrics else ""
    if value is None:
        return text.MISSING
    return text.percent(value) if form == "percent" else f"{value:,.2f}".removesuffix(".00")


def _reasons(entity_type: str, seen: Mapping[str, Any]) -> Sheet:
    rows = tuple(
        (
            words.feature_label(entity_type, text.visible(one["feature"])),
            _plain(one.get("value")),
            _plain(one.get("peer_median")),
            "raises" if (one.get("contribution") or 0.0) > 0 else "lowers",
        )
        for one in seen.get("reasons") or ()
    )
    return Sheet(("What moved the score", "#Value", "#Middle peer", "It"), rows)


def _signals(seen: Mapping[str, Any]) -> Sheet:
    rows = tuple(
        (text.visible(one["typology"]), text.visible(one["code"]), _plain(one.get("severity")))
        for one in seen.get("signals") or ()
    )
    return Sheet(("Typology", "Signal", "#Severity"), rows)


def _effects(effects: Sequence[Mapping[str, Any]]) -> Sheet:
    rows = tuple(
        (
            words.sentence_case(str(one["action"])),
            text.visible(one["scope"]),
            _instant(one["starts_at"]),
            _instant(one["ends_at"]) if one["ends_at"] else "until ended",
            f"ends {one['reverses']}" if one["reverses"] else str(one["effect_id"]),
            text.visible(one["made_by"]),
        )
        for one in effects
    )
    return Sheet(("Action", "Scope", "From", "Until", "Effect", "By"), rows)


def _statement(statement: Statement) -> Section:
    letter, fields = statement.content["letter"], statement.content["fields"]
    rows = tuple((name, _plain(value)) for name, value in sorted(fields.items()))
    return Section(
        "Statement of reasons",
        (
            ("Number", statement.statement_id),
            ("Made", f"{_instant(statement.made_at)} by {text.visible(statement.made_by)}"),
        ),
        tuple(text.visible(one) for one in letter["paragraphs"]),
        (Sheet(("Field", "Value"), rows),),
    )


def _appeal(redress: Redress) -> Section:
    appeal, outcome = redress.appeal, redress.outcome
    if appeal is None:
        return Section("Appeal")
    late = ", late" if redress.is_late else ""
    lines = [
        ("Received", f"{appeal.received_on}{late}"),
        ("Recorded by", f"{text.visible(appeal.received_by)}, {_instant(appeal.received_at)}"),
        ("Due", f"{appeal.due_on}"),
    ]
    paragraphs = [text.written(appeal.text, longest=10_000)]
    if outcome:
        judged = f"{text.visible(outcome.decided_by)}, {_instant(outcome.decided_at)}"
        lines += [("Outcome", words.sentence_case(outcome.outcome)), ("Judged by", judged)]
        said = outcome_sentence(is_overturned=outcome.is_overturned, day=outcome.day)
        paragraphs += [text.written(outcome.note, longest=10_000), f"Told: {said}"]
    return Section("Appeal", tuple(lines), tuple(paragraphs))


def _trail(entries: Sequence[AuditEntry]) -> Sheet:
    rows = tuple(
        (
            f"{one.seq}",
            _instant(one.at),
            text.visible(one.actor),
            words.sentence_case(one.action),
            one.hash,
        )
        for one in entries
    )
    return Sheet(("#Entry", "At", "Who", "What", "Seal"), rows)


def _who(entry: AuditEntry) -> str:
    return f"{text.visible(entry.actor)}, {_instant(entry.at)}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _seen(name: str, value: object) -> str:
    said = text.visible(value)
    if name == "score_band":
        return BAND_LABELS.get(said, said)
    return words.sentence_case(said) if name == "ring_role" else _plain(value)


def _plain(value: object) -> str:
    """A kept value as text: numbers to four digits, lists with commas."""
    if value is None:
        return text.MISSING
    if isinstance(value, bool) or not isinstance(value, int | float | list):
        return text.visible(value)
    if isinstance(value, list):
        return ", ".join(text.visible(one) for one in value) or text.MISSING
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
