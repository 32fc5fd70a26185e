"""What was proposed, for whoever answers it: on whom, why, on which evidence, and who differs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words
from dashboard.view_models.decide import evidence_for, past_decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.cases.records import Decision
    from dashboard.view_models.decide import PastDecision

MOVED_SCORE = 0.1
"""From so large a difference of probability on, a member is no longer what was decided on
(assumption)."""
COLUMNS = {
    **dict.fromkeys(("name", "action", "differs"), pl.String),
    **dict.fromkeys(("exposure", "then", "now"), pl.Float64),
}


@dataclass(frozen=True)
class Proposal:
    """One intention of one person, on every member it is about.

    `evidence` is what the playbook asks for, each with whether it is attached.
    """

    past: PastDecision
    extent: str
    """How many members, how far and for how long."""
    evidence: tuple[tuple[str, bool], ...]
    keys: tuple[str, ...]


def proposals_of(made: Mapping[str, Decision]) -> tuple[Proposal, ...]:
    """The decisions that wait, by subject, as what was proposed: the one on most members first."""
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for key, one in made.items():
        groups[_intention(one)].append(key)
    ranked = sorted(groups.values(), key=lambda keys: (-len(keys), keys))
    return tuple(_proposal(made[keys[0]], tuple(keys)) for keys in ranked)


def _intention(one: Decision) -> tuple[Any, ...]:
    said = (one.typology, one.action, one.scope, one.days, one.reason_codes, one.evidence, one.note)
    return one.batch_id or one.decision_id, one.verdict, *said


def _proposal(one: Decision, keys: tuple[str, ...]) -> Proposal:
    attached = set(json.loads(one.evidence)) if one.evidence else set()
    days = f"for {text.plural(one.days, 'day')}" if one.days else ""
    parts = [text.plural(len(keys), "subject"), text.plain(one.scope) if one.scope else "", days]
    return Proposal(
        past_decision(one),
        ", ".join(part for part in parts if part),
        tuple((step, step in attached) for step in evidence_for(one.typology)),
        keys,
    )


def proposal_table(rows: pl.DataFrame, made: Mapping[str, Decision], today: date) -> pl.DataFrame:
    """Every member that waits, whoever differs first: columns of `COLUMNS` and `node_key`.

    `rows` have node_key, entity_type, name, score, label, typology, alert_id and exposure_usd;
    probability `then` is what the decision was taken on, `now` the served build's.
    """
    usual = _usual(made)
    members = [
        {
            "node_key": key,
            "name": text.plain(row["name"]),
            "action": words.sentence_case(made[key].action),
            "exposure": row["exposure_usd"],
            "then": made[key].score,
            "now": row["score"],
            "differs": "; ".join(_differences(row, made[key], usual, today)),
        }
        for row in rows.iter_rows(named=True)
        if (key := row["node_key"]) in made
    ]
    table = pl.DataFrame(members, schema={"node_key": pl.String, **COLUMNS})
    return table.sort(pl.col("differs") == "", maintain_order=True)


def _usual(made: Mapping[str, Decision]) -> dict[str, tuple[str, str]]:
    """Action and scheme of most members, by kind of subject."""
    kinds: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for key, one in made.items():
        kinds[key.partition(":")[0]][one.action, one.typology] += 1
    return {kind: counts.most_common(1)[0][0] for kind, counts in kinds.items()}


def _differences(
    row: Mapping[str, Any], one: Decision, usual: Mapping[str, tuple[str, str]], today: date
) -> list[str]:
    """What sets a member apart from the others, or from what was decided on."""
    action, typology = usual[one.entity_type]
    moved = one.score is not None and row["score"] is not None
    said = {
        "cleared before": row["label"] == "good",
        "a victim of it": words.is_victim(row["typology"]),
        "no alert": row["alert_id"] is None,
        "another action": one.action != action,
        words.typology_title(one.typology).lower(): one.typology != typology,
        "probability has moved": moved and abs(row["score"] - one.score) >= MOVED_SCORE,
        f"decided on {one.data_day} of the data": one.data_day not in {None, today},
        "no evidence attached": not one.evidence and bool(evidence_for(one.typology)),
    }
    return [phrase for phrase, is_so in said.items() if is_so]


def others_sentence(members: int, proposed: Sequence[str]) -> str:
    """How many of a case are no part of what is proposed; empty = everybody is."""
    others = members - len(proposed)
    if not others:
        return ""
    verb = "is" if others == 1 else "are"
    return f"{text.plural(others, 'other member')} of the case {verb} no part of it."
