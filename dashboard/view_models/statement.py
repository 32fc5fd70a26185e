"""Statements of reasons: what the sanctioned are told, and the EU's Transparency Database.

Made of what is closed: codes of the decision, texts of the pack and of `statements.toml`, days,
and figures of the subject's own trade. A note, a name or an identifier is never asked for, so
that no personal data can stand in one. Why so: docs/decisions/0137-reasons-and-appeals.md.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.cases.measures import measures
from dashboard.view_models import words
from dashboard.view_models.drift import METRICS
from dashboard.view_models.letter_words import FOLDER, english, statement_settings, words_for
from queries.vocabulary import is_enforcement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from dashboard.cases.records import Decision
    from dashboard.cases.redress import Redress, Statement
    from dashboard.view_models.letter_words import LetterWords

SCHEMA = "EU DSA Transparency Database, 2025-07-01"
_RESTRICTIONS = {
    "decision_visibility": "end_date_visibility_restriction",
    "decision_monetary": "end_date_monetary_restriction",
    "decision_provision": "end_date_service_restriction",
    "decision_account": "end_date_account_restriction",
}
"""Fields of what is restricted, each with the field of when that ends."""
_LISTS = ("decision_visibility",)
_INCOMPATIBLE, _ILLEGAL = (
    "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "DECISION_GROUND_ILLEGAL_CONTENT",
)
FINAL, HOLD = "final", "hold"
"""Whether what is told was agreed to, or holds until somebody does."""
LAW = "law"
"""The legal basis of a decision that rests on a law and not on the platform's terms."""


@dataclass(frozen=True)
class Measure:
    """One thing that is done because of a decision; `ends_on` None = until somebody ends it."""

    action: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Grounds:
    """What a statement rests on beside its decision.

    `day` is that of the data on which it takes effect; `snapshot` what was seen, empty where
    nothing was kept; `market` None where nobody knows it. `is_approved` False = a hold that a
    second person has not agreed to yet.
    """

    day: date
    market: str | None
    measures: tuple[Measure, ...]
    snapshot: Mapping[str, Any] = field(default_factory=dict)
    is_approved: bool = True


@cache
def appeal_settings() -> dict[str, Any]:
    """The windows of `appeals.toml`."""
    return _file("appeals.toml")


@cache
def schema() -> dict[str, Any]:
    """What the Transparency Database accepts."""
    return _file("transparency_database.toml")


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def is_stated(action: str) -> bool:
    """Whether whoever an action is done to is told why: all that takes something, with exceptions.

    They stand in `statements.toml` under `silent`.
    """
    return is_enforcement(action) and action not in statement_settings()["silent"]["actions"]


def is_in_eea(market: str | None) -> bool:
    """Whether a market is one of the European Economic Area."""
    return market in schema()["values"]["territorial_scope"]


def appeal_until(actions: Iterable[str], market: str | None, day: date) -> date:
    """The last day on which an appeal against what was told on `day` is in time."""
    windows = [appeal_settings()["windows"][_severity(one)]["appeal_days"] for one in actions]
    least = appeal_settings()["eea"]["least_appeal_days"] if is_in_eea(market) else 0
    return day + timedelta(days=max([least, *windows]))


def judge_days(actions: Iterable[str]) -> int:
    """Days in which an appeal is to be judged."""
    return int(min(appeal_settings()["windows"][_severity(one)]["judge_days"] for one in actions))


def _severity(action: str) -> str:
    return measures()[action].severity


def statement_content(reference: str, decision: Decision, grounds: Grounds) -> dict[str, Any]:
    """A statement: `fields` of the Transparency Database, the `letter`, and the `record` of both.

    Plain JSON values. `letters` are the letter in each language of its market, English last, and
    `letter` is the English one. `reference` is the number that the sanctioned appeals with.
    """
    until = appeal_until([one.action for one in grounds.measures], grounds.market, grounds.day)
    first = grounds.measures[0]
    record = {
        "reference": reference,
        "market": grounds.market or "",
        "action": decision.action,
        "measure": ", ".join(_action(one.action)["measure"] for one in grounds.measures),
        "day": f"{grounds.day}",
        "stage": FINAL if grounds.is_approved else HOLD,
        "starts_on": f"{first.starts_on}",
        "ends_on": f"{first.ends_on}" if first.ends_on else "",
        "appeal_until": f"{until}",
        "typology": decision.typology,
        "reason_codes": list(_reasons(decision)),
        "clause": _clause(decision),
        "legal_basis": decision.legal_basis or "terms",
    }
    letters = [
        _letter(record, decision, grounds, until, said) for said in words_for(grounds.market)
    ]
    return {
        "schema": SCHEMA,
        "fields": _fields(reference, decision, grounds),
        "letter": letters[-1],
        "letters": letters,
        "record": record,
    }


def _action(action: str) -> dict[str, Any]:
    known: dict[str, Any] = statement_settings()["actions"][action]
    return known


def _fields(reference: str, decision: Decision, grounds: Grounds) -> dict[str, Any]:
    """The fields of the Transparency Database that have a value."""
    clause = _clause(decision)
    explanation = (
        " ".join(_reasons(decision).values()) or statement_settings()["texts"]["no_reason"]
    )
    is_law = decision.legal_basis == LAW
    ground = (
        {"illegal_content_legal_ground": clause, "illegal_content_explanation": explanation}
        if is_law
        else {
            "incompatible_content_ground": clause,
            "incompatible_content_explanation": explanation,
            "incompatible_content_illegal": "No",
        }
    )
    categories, market = statement_settings()["categories"], grounds.market
    began = min(decision.alert_opened_on or grounds.day, grounds.day)
    return {
        **_restrictions(grounds.measures),
        "decision_ground": _ILLEGAL if is_law else _INCOMPATIBLE,
        **ground,
        **statement_settings()["content"][decision.entity_type],
        **categories.get(decision.typology, categories["other"]),
        "territorial_scope": [market] if is_in_eea(market) else [],
        "content_date": f"{began}",
        "application_date": f"{min(one.starts_on for one in grounds.measures)}",
        "decision_facts": " ".join([explanation, *_figures(decision, grounds.snapshot, english())]),
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if _is_noticed_by_software(decision) else "No",
        "automated_decision": "AUTOMATED_DECISION_PARTIALLY"
        if decision.score is not None
        else "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": reference,
    }


def _restrictions(measures: Iterable[Measure]) -> dict[str, Any]:
    """What the measures restrict, each with its end: the last one, or none where one has none."""
    fields: dict[str, Any] = {}
    for measure in measures:
        action = _action(measure.action)
        for name, end in _RESTRICTIONS.items():
            if name not in action:
                continue
            if name in _LISTS:
                fields[name] = sorted({*fields.get(name, ()), *action[name]})
            else:
                fields[name] = action[name]
            if measure.ends_on:
                fields[end] = max(f"{measure.ends_on}", fields.get(end, ""))
            if f"{name}_other" in action:
                fields[f"{name}_other"] = action[f"{name}_other"]
    return fields


def _clause(decision: Decision) -> str:
    return english().clause(decision.typology)


def _reasons(decision: Decision) -> dict[str, str]:
    """The chosen reason codes that a pack has, with their sentences for the subject.

    A new pattern has a sentence of the analyst's own in place of codes: it stays in the house.
    """
    pack = words.known_packs().get(decision.typology)
    texts = pack.reason_codes if pack else {}
    return {code: str(texts[code].subject) for code in decision.reason_codes if code in texts}


def _figures(decision: Decision, snapshot: Mapping[str, Any], said: LetterWords) -> list[str]:
    """What was seen of the subject's own trade, a sentence each, in natural units."""
    facts = snapshot.get("facts") or {}
    metrics = {one.code: one for one in METRICS.get(decision.entity_type, ())}
    sentences = []
    for code, sentence in said.figures.items():
        fact = facts.get(code) or {}
        value, days = fact.get("short"), fact.get("days")
        if code in metrics and isinstance(value, int | float) and isinstance(days, int):
            shown = said.number(_said(metrics[code].format, float(value)))
            sentences.append(str(sentence).format(value=shown, days=days))
    return sentences


def _said(form: str, value: float) -> str:
    if form == "money":
        return text.money(value, compact=False)
    return text.percent(value, digits=0) if form == "percent" else text.count(value)


def _is_noticed_by_software(decision: Decision) -> bool:
    return decision.score is not None or decision.alert_typology is not None


def _letter(
    record: Mapping[str, Any],
    decision: Decision,
    grounds: Grounds,
    until: date,
    said: LetterWords,
) -> dict[str, Any]:
    """Title and paragraphs for whoever it concerns, in the second person."""
    texts, subject = said.texts, said.subjects[decision.entity_type]
    figures = " ".join(_figures(decision, grounds.snapshot, said))
    own = (said.reasons.get(code, english) for code, english in _reasons(decision).items())
    reasons = " ".join(own) or texts["no_reason"]
    ground = texts["ground"].format(clause=said.clause(decision.typology))
    appeal = texts["appeal"].format(
        until=said.spelled(until),
        where=said.appeal_at[decision.entity_type],
        reference=record["reference"],
        days=judge_days([one.action for one in grounds.measures]),
    )
    noticed = [texts["noticed"]] if _is_noticed_by_software(decision) else []
    paragraphs = [
        _what(grounds, subject, said),
        f"{ground} {texts['why'].format(reasons=reasons)}",
        texts["figures"].format(figures=figures) if figures else "",
        " ".join(
            [*noticed, texts["decided"], texts["approved" if grounds.is_approved else "held"]]
        ),
        f"{appeal} {texts['eea' if is_in_eea(grounds.market) else 'court']}",
    ]
    return {
        "language": said.code,
        "title": texts["title"].format(subject=subject),
        "paragraphs": [one for one in paragraphs if one],
    }


def _what(grounds: Grounds, subject: str, said: LetterWords) -> str:
    """What was done, from when until when."""
    texts, first = said.texts, grounds.measures[0]
    told = " ".join(said.actions[one.action] for one in grounds.measures)
    ends = said.spelled(first.ends_on) if first.ends_on else ""
    term = texts["until" if ends else "open_end"]
    what = texts["what"].format(day=said.spelled(grounds.day), subject=subject, told=told)
    return f"{what} {term.format(starts=said.spelled(first.starts_on), ends=ends)}"


def outcome_sentence(*, is_overturned: bool, day: date, said: LetterWords | None = None) -> str:
    """What whoever appealed is told of what became of it; in English unless `said` otherwise."""
    said = said or english()
    return said.texts["overturned" if is_overturned else "upheld"].format(day=said.spelled(day))


def letters_of(redress: Redress) -> list[dict[str, Any]]:
    """The letter in each language, with what became of an appeal as `outcome`, else empty."""
    content, outcome = redress.statement.content, redress.outcome
    known = {one.code: one for one in words_for(content["record"]["market"])}
    return [
        {
            **letter,
            "outcome": outcome_sentence(
                is_overturned=outcome.is_overturned,
                day=outcome.day,
                said=known.get(letter.get("language", "")),
            )
            if outcome
            else "",
        }
        for letter in content.get("letters") or [content["letter"]]
    ]


def faults(fields: Mapping[str, Any]) -> list[str]:
    """What the Transparency Database would refuse of a statement's fields; empty = nothing."""
    rules = schema()
    several, limits = rules["several"]["fields"], rules["longest"]
    lacking = [name for name in rules["required"]["always"] if not fields.get(name)]
    found = [f"{name} is missing" for name in lacking]
    if not any(fields.get(name) for name in rules["required"]["one_of"]):
        found.append("no restriction is named")
    given = {
        value for own in fields.values() for value in (own if isinstance(own, list) else [own])
    }
    for name, cause in rules["required_with"].items():
        if (cause in given) != bool(fields.get(name)):
            found.append(f"{name} and {cause} go together")
    for name, allowed in rules["values"].items():
        own = fields.get(name)
        values = own if isinstance(own, list) else [own]
        if own is not None and (isinstance(own, list) != (name in several)):
            found.append(f"{name} is of the wrong kind")
        elif own is not None and not set(values) <= set(allowed):
            found.append(f"{name} has a value that no list has")
    found += [
        f"{name} is too long" for name, most in limits.items() if len(fields.get(name, "")) > most
    ]
    first, last = rules["days"]["first"], rules["days"]["last"]
    days = [(name, fields[name]) for name in rules["days"]["fields"] if fields.get(name)]
    found += [f"{name} is out of range" for name, day in days if not first <= day <= last]
    return found + [f"{name} is no field" for name in sorted(set(fields) - known_fields())]


def known_fields() -> frozenset[str]:
    """Every field of the Transparency Database that a statement of ours may have."""
    rules = schema()
    return frozenset(
        {
            *rules["required"]["always"],
            *rules["required"]["one_of"],
            *rules["required_with"],
            *rules["longest"],
            *rules["days"]["fields"],
            *rules["values"],
        }
    )


def letter_text(redress: Redress) -> str:
    """The letter as plain text in each of its languages, with what became of an appeal."""
    texts = []
    for letter in letters_of(redress):
        parts = (letter["title"], *letter["paragraphs"], letter["outcome"])
        texts.append("\n\n".join(str(one) for one in parts if one))
    return "\n\n----\n\n".join(texts) + "\n"


def statement_table(made: Iterable[Statement]) -> pl.DataFrame:
    """Statements as rows, a column each field of the Transparency Database; lists with `|`."""
    columns = sorted(known_fields())
    rows = [
        ["|".join(value) if isinstance(value, list) else value for value in _row(one, columns)]
        for one in made
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _row(statement: Statement, columns: list[str]) -> list[Any]:
    return [statement.content["fields"].get(name) for name in columns]
