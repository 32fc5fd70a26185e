"""What a partner team of the platform gets of one decision: what it needs, and nothing else.

Which items a team gets stands in `statements.toml`; a name, a note and an appeal's words are
items of nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.view_models import words
from dashboard.view_models.letter_words import statement_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dashboard.cases.records import Decision
    from dashboard.cases.redress import Redress

_AMOUNTS = ("held_usd", "exposure_usd")
_FIELDS = ("decision_ground", "category", "automated_detection", "automated_decision")


def teams() -> dict[str, str]:
    """The partner teams by code, with what they are called."""
    return {code: str(team["label"]) for code, team in statement_settings()["partners"].items()}


def relations_of(team: str) -> list[str]:
    """The kinds of identifiers that a team gets, masked."""
    return list(statement_settings()["partners"][team]["identifiers"])


def partner_rows(
    team: str,
    decision: Decision,
    redress: Redress,
    snapshot: Mapping[str, Any],
    identifiers: pl.DataFrame,
) -> pl.DataFrame:
    """Columns item, value: one row an item, then one an identifier.

    `snapshot` is what was seen, `identifiers` rows of `pages/investigate/own_identifiers`,
    masked already.
    """
    known = _values(decision, redress, snapshot)
    rows = [
        (words.sentence_case(name), known[name])
        for name in statement_settings()["partners"][team]["items"]
        if known.get(name)
    ]
    rows += list(_identifiers(identifiers.iter_rows(named=True), relations_of(team)))
    return pl.DataFrame(rows, schema={"item": pl.String, "value": pl.String}, orient="row")


def _values(decision: Decision, redress: Redress, snapshot: Mapping[str, Any]) -> dict[str, str]:
    record, fields = redress.statement.content["record"], redress.statement.content["fields"]
    amounts = {
        name: f"{value:.2f}"
        for name in _AMOUNTS
        if isinstance(value := snapshot.get(name), int | float)
    }
    outcome = redress.outcome.outcome if redress.outcome else ""
    waits = "waits" if redress.appeal else "none"
    return {
        **{name: str(fields[name]) for name in _FIELDS},
        **{name: str(value) for name, value in record.items() if isinstance(value, str)},
        **amounts,
        "case_id": decision.case_id,
        "decision_id": decision.decision_id,
        "subject": decision.entity_key,
        "reason_codes": ", ".join(record["reason_codes"]),
        "appeal_received_on": f"{redress.appeal.received_on}" if redress.appeal else "",
        "outcome": outcome or f"appeal: {waits}",
    }


def _identifiers(rows: Iterable[Mapping[str, Any]], wanted: list[str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row["relation"] in wanted:
            seen = f"{row['first_seen_on']} to {row['last_seen_on']}"
            yield words.sentence_case(row["relation"]), f"{row['identifier_id']}, {seen}"
