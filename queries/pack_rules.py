"""What a typology pack may hold, and the refusal of one that breaks a rule.

A pack decides what is said to sellers and what money is worth, so nothing in it is
guessed: an unknown key, a missing one, an empty list or a predicate over a column that
does not exist is refused with the file, the key and what to do.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from queries import QueryError, get, scalar
from queries.catalogue import features
from queries.vocabulary import ACTIONS, ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_OFFERED = ", ".join(ACTIONS)
FLOWS = ("gmv_usd", "voucher_usd", "refund_usd", "commission_usd", "slot_fee_usd")
"""Columns of alerts.exposures that money is lost from, USD a day."""
BEARERS = ("platform", "merchant", "buyer", "creator", "cardholder", "rival")
AUDIENCES = ("analyst", "manager", "subject")
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,5}_[A-Z0-9_]{1,30}")
_LONGEST_DELAY = 365.0
_LONGEST_REVIEW = 480.0
_MOST_HARM = 10_000.0


class PackRefused(QueryError):
    """A pack that breaks a rule: which file, which key, what to do."""

    def __init__(
        self, file: str, key: str, found: str, expected: str, remedy: str = "Mend or delete it"
    ) -> None:
        self.file, self.key, self.remedy = file, key, remedy
        where = f"{file}, key {key}" if key else file
        super().__init__(f"Pack {where}: {found}. Expected {expected}. {remedy}.")


@dataclass(frozen=True)
class Rule:
    """What the value of one key must be."""

    expected: str
    holds: Callable[[Any], bool]
    is_required: bool = True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _between(low: float, high: float, *, above_low: bool = False) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        return _is_number(value) and low <= value <= high and not (above_low and value == low)

    return holds


def _list_of(known: Sequence[str] | frozenset[str] | None = None) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        if not isinstance(value, list | tuple) or not value or not all(map(_is_text, value)):
            return False
        return len(set(value)) == len(value) and (known is None or set(value) <= set(known))

    return holds


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(_is_table, value))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


_TEXT = Rule("a text that is not empty", _is_text)
_SHARE = Rule("a number from 0 to 1", _between(0.0, 1.0))
_KIND = Rule(f"one of {', '.join(ENTITY_TYPES)}", lambda value: value in ENTITY_TYPES)
_TABLES = Rule("at least one table", _is_tables)
_OF_REVIEW = Rule("a number above 0, at most 1", _between(0.0, 1.0, above_low=True), False)

PACK: dict[str, Rule] = {
    "code": Rule("a code like T1_BRUSHING, of at most 37 signs", _is_code),
    "title": _TEXT,
    "summary": _TEXT,
    "entity_types": Rule(
        f"a list of some of {', '.join(ENTITY_TYPES)}, each once", _list_of(ENTITY_TYPES)
    ),
    "policy_clause": _TEXT,
    "actions": Rule(f"a list of actions, from: {_OFFERED}", _list_of(ACTIONS)),
    "clears": Rule("a list of texts, none twice", _list_of()),
    "playbook": _TABLES,
    "reason_codes": Rule("at least one table of texts", _is_table),
    "signals": _TABLES,
    "losses": _TABLES,
    "recoverable_share": _SHARE,
    "review_minutes": Rule(
        "minutes above 0, at most 480", _between(0.0, _LONGEST_REVIEW, above_low=True)
    ),
    "horizon_days": Rule(
        "days above 0, at most 365", _between(0.0, _LONGEST_DELAY, above_low=True)
    ),
    "label_delay_days": Rule("days from 0 to 365", _between(0.0, _LONGEST_DELAY)),
    "harm_minutes": Rule("minutes from 0 to 10000", _between(0.0, _MOST_HARM)),
    "sensitivity": _OF_REVIEW,
    "specificity": _OF_REVIEW,
}
SIGNAL: dict[str, Rule] = {
    "code": _TEXT,
    "entity_type": _KIND,
    "predicate": _TEXT,
    "severity": Rule("a number above 0, at most 1", _between(0.0, 1.0, above_low=True)),
    "text": _TEXT,
    "reason": _TEXT,
}
STEP: dict[str, Rule] = {
    "step": _TEXT,
    "is_mandatory": Rule("true or false", lambda value: isinstance(value, bool)),
    "evidence": _TEXT,
}
LOSS: dict[str, Rule] = {
    "entity_type": _KIND,
    "flow": Rule(f"one of {', '.join(FLOWS)}", lambda value: value in FLOWS),
    "share": _SHARE,
    "bearer": Rule(f"one of {', '.join(BEARERS)}", lambda value: value in BEARERS),
}
REASON: dict[str, Rule] = dict.fromkeys(AUDIENCES, _TEXT)


def check_entry(file: str, entry: Mapping[str, Any]) -> None:
    """Refuse a pack whose keys or values break a rule. Predicates are not looked at."""
    _keys(file, "", entry, PACK)
    for number, step in enumerate(entry["playbook"], 1):
        _keys(file, f"playbook {number}.", step, STEP)
    for number, loss in enumerate(entry["losses"], 1):
        _keys(file, f"losses {number}.", loss, LOSS)
    for code, texts in entry["reason_codes"].items():
        _belongs(file, "reason_codes", code, entry["code"])
        if not isinstance(texts, dict):
            raise PackRefused(file, f"reason_codes.{code}", f"{texts!r}", "a table of texts")
        _keys(file, f"reason_codes.{code}.", texts, REASON)
    for number, signal in enumerate(entry["signals"], 1):
        _keys(file, f"signals {number}.", signal, SIGNAL)
    _check_signals(file, entry)
    _check_losses(file, entry)
    if not any(step["is_mandatory"] for step in entry["playbook"]):
        raise PackRefused(file, "playbook", "no step is mandatory", "at least one that is")


def _keys(file: str, place: str, entry: Mapping[str, Any], rules: Mapping[str, Rule]) -> None:
    for key in sorted(entry.keys() - rules.keys()):
        known = ", ".join(sorted(rules))
        raise PackRefused(file, f"{place}{key}", "this key is unknown", f"one of {known}")
    for key, rule in rules.items():
        if key in entry and not rule.holds(entry[key]):
            raise PackRefused(file, f"{place}{key}", f"it is {entry[key]!r}", rule.expected)
        if key not in entry and rule.is_required:
            raise PackRefused(file, f"{place}{key}", "it is missing", rule.expected, "Add it")


def _belongs(file: str, key: str, code: str, pack_code: str) -> None:
    prefix = f"{pack_code.partition('_')[0]}."
    if not code.startswith(prefix):
        raise PackRefused(file, key, f"{code!r}", f"a code that begins with {prefix}")


def _check_signals(file: str, entry: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for number, signal in enumerate(entry["signals"], 1):
        place, code = f"signals {number}", signal["code"]
        _belongs(file, f"{place}.code", code, entry["code"])
        if code in seen:
            raise PackRefused(file, f"{place}.code", f"{code} is there twice", "each code once")
        seen.add(code)
        if signal["reason"] not in entry["reason_codes"]:
            known = ", ".join(entry["reason_codes"])
            raise PackRefused(
                file, f"{place}.reason", f"{signal['reason']} has no texts", f"one of {known}",
                "Add its texts under reason_codes, or name another",
            )  # fmt: skip
        _of_pack(file, f"{place}.entity_type", signal["entity_type"], entry)


def _check_losses(file: str, entry: Mapping[str, Any]) -> None:
    for number, loss in enumerate(entry["losses"], 1):
        _of_pack(file, f"losses {number}.entity_type", loss["entity_type"], entry)
    priced = {loss["entity_type"] for loss in entry["losses"]}
    for kind in entry["entity_types"]:
        if kind not in priced:
            raise PackRefused(
                file, "losses", f"{kind} has no loss", "a flow and share for each entity type",
                "Add one; its share may be 0",
            )  # fmt: skip


def _of_pack(file: str, key: str, kind: str, entry: Mapping[str, Any]) -> None:
    if kind not in entry["entity_types"]:
        raise PackRefused(
            file, key, f"it is {kind!r}", f"one of its entity_types {entry['entity_types']}"
        )


def check_predicates(file: str, signals: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a predicate that is no condition over the features of its entity type."""
    for number, signal in enumerate(signals, 1):
        key, kind, text = f"signals {number}.predicate", signal["entity_type"], signal["predicate"]
        try:
            columns = predicate_columns(kind, text)
        except (duckdb.Error, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise PackRefused(
                file, key, f"{text!r} cannot be run: {reason}",
                f"a true-or-false expression over columns of features.{kind}",
                "Mend the predicate, see queries/evidence for what each column means",
            ) from error  # fmt: skip
        known = features(kind)
        if not any(known[name].use == "fraud" for name in columns if name in known):
            raise PackRefused(
                file, key, f"{text!r} rests on {sorted(columns) or 'nothing'} alone",
                "at least one feature that is about fraud: poor service is no fraud",
                "Add a condition on such a feature, or drop the signal",
            )  # fmt: skip


def predicate_columns(entity_type: str, predicate: str) -> set[str]:
    """The columns that a predicate names.

    Raises duckdb.Error when it cannot be run over the features of `entity_type`, ValueError
    when it is not one condition, or asks another table.
    """
    con = _empty_features().cursor()
    asked = f"select ({predicate}) as holds from features.{entity_type}"
    if len(con.extract_statements(asked)) != 1:
        raise ValueError("it is more than one statement")
    columns = con.execute(f"describe {asked}").fetchall()
    if len(columns) != 1 or columns[0][1] != "BOOLEAN":
        raise ValueError(f"it gives {', '.join(str(row[1]) for row in columns)}")
    tree = json.loads(scalar(con, "select json_serialize_sql($sql)", {"sql": asked}))
    found: set[str] = set()
    _walk(tree, found)
    return found


def _walk(node: Any, found: set[str]) -> None:
    if isinstance(node, dict):
        if node.get("class") == "SUBQUERY":
            raise ValueError("it asks another table")
        if node.get("class") == "COLUMN_REF":
            found.add(node["column_names"][-1])
        for value in node.values():
            _walk(value, found)
    elif isinstance(node, list):
        for value in node:
            _walk(value, found)


@cache
def _empty_features() -> duckdb.DuckDBPyConnection:
    """The feature tables as their headers declare them, without rows."""
    con = duckdb.connect(config={"enable_external_access": "false"})
    con.execute("create schema features")
    for kind in ENTITY_TYPES:
        declared = ", ".join(f"{one.name} {one.type}" for one in get(f"features/{kind}").returns)
        con.execute(f"create table features.{kind} ({declared})")
    return con
