"""Statements of reasons: one for each decision that takes something, made once, sealed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, select

from dashboard.casebook import chain, snapshots
from dashboard.casebook.lookups import AT_ONCE
from dashboard.casebook.rows import now
from dashboard.casebook.schema import effects, statements
from dashboard.cases.effects import EffectKind
from dashboard.cases.redress import Statement
from dashboard.view_models.statement import (
    HOLD,
    Grounds,
    Measure,
    is_stated,
    statement_content,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from dashboard.cases.records import Decision


def state_reasons(
    con: Connection, decision: Decision, actor: str, *, market: str | None, day: date | None
) -> None:
    """Make and seal the statement of a decision that was approved on `day` of the data.

    Nothing where it takes nothing, or is told already. Only meaningful under `chain.lock`.
    """
    if not is_stated(decision.action):
        return
    told = statements_of(con, [decision.decision_id]).get(decision.decision_id)
    if told is None or told.content["record"]["stage"] == HOLD:
        today = day or now().date()
        measures = _measures(con, decision, today) or (Measure(decision.action, today),)
        grounds = Grounds(today, market, measures, snapshots.kept(con, decision.snapshot_id))
        _make(con, decision, grounds, actor)


def state_hold(con: Connection, decision: Decision, actor: str, *, market: str | None) -> None:
    """Make and seal the statement of a hold that began with its proposal, if one did."""
    today = decision.data_day or decision.decided_at.date()
    if measures := _measures(con, decision, today):
        seen = snapshots.kept(con, decision.snapshot_id)
        grounds = Grounds(today, market, measures, seen, is_approved=False)
        _make(con, decision, grounds, actor)


def _make(con: Connection, decision: Decision, grounds: Grounds, actor: str) -> None:
    at, reference = now(), f"sor_{uuid4().hex[:16]}"
    content = statement_content(reference, decision, grounds)
    row = {
        "statement_id": reference,
        "decision_id": decision.decision_id,
        "content": chain.canonical(content),
        "made_by": actor,
        "made_at": at,
    }
    chain.record(con, "state_reasons", f"case:{decision.case_id}", row)


def statements_of(con: Connection, decision_ids: Collection[str]) -> dict[str, Statement]:
    """The last statement of each of some decisions, by the decision's id."""
    wanted, made = sorted(decision_ids), dict[str, Statement]()
    for start in range(0, len(wanted), AT_ONCE):
        part = statements.c.decision_id.in_(wanted[start : start + AT_ONCE])
        query = select(statements).where(part).order_by(statements.c.audit_seq)
        for row in con.execute(query).mappings():
            made[row["decision_id"]] = statement_from(row)
    return made


def statement_from(row: Any) -> Statement:
    """A row of `statements`."""
    return Statement(**{**row, "content": json.loads(row["content"])})


def statements_made(
    con: Connection, since: date | None, until: date | None, markets: Collection[str]
) -> list[Statement]:
    """All that took effect on these days of the data, in the order they were made.

    Of these `markets` alone; empty = every market.
    """
    rows = con.execute(select(statements).order_by(statements.c.audit_seq)).mappings()
    every = [(one, one.content["record"]) for one in map(statement_from, rows)]
    first, last = f"{since or ''}", f"{until or '9999-12-31'}"
    return [
        one
        for one, record in every
        if first <= str(record["day"]) <= last and (not markets or record["market"] in markets)
    ]


def _measures(con: Connection, decision: Decision, today: date) -> tuple[Measure, ...]:
    """What is done because of the decision, of each action the last word, from today on.

    The platform is asked by the wall's clock; days are told by that of the data, as all others are.
    """
    query = (
        select(effects)
        .where(effects.c.decision_id == decision.decision_id, effects.c.kind != EffectKind.REVERSE)
        .order_by(effects.c.audit_seq)
    )
    made = [
        Measure(
            row["action"],
            today,
            today + (row["ends_at"] - row["starts_at"]) if row["ends_at"] else None,
        )
        for row in con.execute(query).mappings()
        if is_stated(row["action"])
    ]
    return tuple({one.action: one for one in made}.values())
