"""What a partner team of the platform gets of one decision: what it needs, and nothing else.

In the language of the subject's market, with the English names of the items beside it.
Which items a team gets stands in `statements.toml`; a name, a note and an appeal's words are
items of nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.view_models.letter_words import ENGLISH, english, statement_settings, words_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dashboard.cases.records import Decision
    from dashboard.cases.redress import Redress
    from dashboard.view_models.letter_words import LetterWords

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
    """Columns item, value: one row an item, then one an identifier; `english` where they are not.

    `snapshot` is what was seen, `identifiers` rows of `pages/investigate/own_identifiers`,
    masked already.
    """
    said = words_for(redress.statement.content["record"]["market"])[0]
    values = _values(decision, redress, snapshot, said)
    rows = [
        (name, values[name])
        for name in statement_settings()["partners"][team]["items"]
        if values.get(name)
    ]
    rows += list(_identifiers(identifiers.iter_rows(named=True), relations_of(team)))
    rows += [("draft", said.items["draft_note"].format(language=said.language))] * said.is_draft
    named = [(said.items[name], value, english().items[name]) for name, value in rows]
    columns = dict.fromkeys(("item", "value", "english"), pl.String)
    made = pl.DataFrame(named, schema=columns, orient="row")
    return made if said.code != ENGLISH else made.drop("english")


def _values(
    decision: Decision, redress: Redress, snapshot: Mapping[str, Any], said: LetterWords
) -> dict[str, str]:
    record, fields = redress.statement.content["record"], redress.statement.content["fields"]
    amounts = {
        name: f"{value:.2f}"
        for name in _AMOUNTS
        if isinstance(value := snapshot.get(name), int | float)
    }
    waits = "appeal_waits" if redress.appeal else "no_appeal"
    names = {one: said.measures[code] for code, one in english().measures.items()}
    return {
        **{name: str(fields[name]) for name in _FIELDS},
        **{name: str(value) for name, value in record.items() if isinstance(value, str)},
        **amounts,
        "case_id": decision.case_id,
        "decision_id": decision.decision_id,
        "subject": decision.entity_key,
        "reason_codes": ", ".join(record["reason_codes"]),
        "appeal_received_on": f"{redress.appeal.received_on}" if redress.appeal else "",
        "measure": ", ".join(names.get(one, one) for one in record["measure"].split(", ")),
        "clause": said.clause(decision.typology) if said.code != ENGLISH else record["clause"],
        "outcome": said.items[redress.outcome.outcome if redress.outcome else waits],
    }


def _identifiers(rows: Iterable[Mapping[str, Any]], wanted: list[str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row["relation"] in wanted:
            seen = f"{row['first_seen_on']} to {row['last_seen_on']}"
            yield row["relation"], f"{row['identifier_id']}, {seen}"
