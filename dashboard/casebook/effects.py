"""What the platform is asked to do because of a decision: begun, replaced and ended.

A row is written once; what stands is what began, did not lapse and was ended by no later row, so
that a hold whose end has come is over without anybody writing. Whatever begins or ends is on its
way to the platform in the same transaction: docs/decisions/0136-effects-and-the-outbox.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, select

from dashboard.casebook import chain, messages
from dashboard.casebook.lookups import AT_ONCE, lookups
from dashboard.casebook.schema import cases, effects
from dashboard.cases.effects import LAPSE, Effect, EffectHistory, EffectKind
from dashboard.cases.measures import measures
from dashboard.cases.records import Case, Decision
from dashboard.cases.states import CaseState
from queries.vocabulary import is_enforcement

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

HOLD_AGAIN = timedelta(days=30)
"""So long after one began unapproved the same hold begins on nobody again without an approval:
else whoever proposes it every third day holds it for ever (assumption)."""


def begin(con: Connection, decision: Decision, actor: str, at: datetime) -> Effect | None:
    """The effect of a decision that is approved, or that needs nobody's approval, from now on.

    It takes the place of the same action where that stands already. None = its action asks
    nothing of the platform. Only meaningful under `chain.lock`.
    """
    measure = measures().get(decision.action)
    if measure is None:
        return None
    lasts = measure.lasts(decision.days)
    own = _select_standing(con, effects.c.case_id == decision.case_id, at)
    before = [one for one in own if one.action == decision.action]
    kind = EffectKind.REPLACE if before else EffectKind.BEGIN
    row = _row(decision, kind, actor, at, at + lasts if lasts else None)
    return _write(con, row | {"reverses": before[0].effect_id if before else None}, decision)


def begin_hold(con: Connection, decision: Decision, actor: str, at: datetime) -> Effect | None:
    """The hold that begins with its proposal, until it lapses or is approved.

    None where the action is no such hold, where it stands already, or where the same hold began
    unapproved a short while ago.
    """
    measure = measures().get(decision.action)
    if measure is None or measure.at_once is None or _was_held(con, decision, at):
        return None
    row = _row(decision, EffectKind.HOLD, actor, at, at + measure.at_once)
    return _write(con, row, decision)


def reverse(
    con: Connection,
    what: Decision | Case | Effect,
    actor: str,
    at: datetime,
    reason: str,
    *,
    is_told: bool = True,
) -> list[Effect]:
    """End whatever stands of a decision, of a case, or one effect; the rows that end it.

    Nothing stands twice: what is ended or has lapsed is left alone. `is_told` False = the platform
    knows, for it said so. Only meaningful under `chain.lock`.
    """
    stands = _select_standing(con, _of(what), at) if _has_effects(con, what.case_id) else []
    return [_end(con, one, actor, at, reason, is_told=is_told) for one in stands]


def reverse_holds(
    con: Connection, case_id: str, actor: str, at: datetime, reason: str, *, but: str = ""
) -> None:
    """End what began unapproved on the subject of a case, the action `but` excepted."""
    own = effects.c.case_id == case_id
    for one in _select_standing(con, own, at) if _has_effects(con, case_id) else ():
        if one.kind == EffectKind.HOLD and one.action != but:
            _end(con, one, actor, at, reason)


def follow_decision(
    con: Connection, decision: Decision, actor: str, at: datetime, *, is_read: bool
) -> None:
    """What a decision asks of the platform before anybody approves it.

    What protects begins, and a hold that may begins with its proposal; one that the decision no
    longer proposes is over. `is_read` False = a filter listed its subject, so no hold begins.
    """
    is_proposed = is_enforcement(decision.action)
    kept = decision.action if is_proposed else ""
    reverse_holds(con, decision.case_id, actor, at, "Another decision was taken.", but=kept)
    if not is_proposed:
        begin(con, decision, actor, at)
    elif is_read:
        begin_hold(con, decision, actor, at)


def follow_step(con: Connection, case: Case, made: Sequence[Decision], actor: str) -> None:
    """What the step that brought a case where it stands asks of the platform.

    `made` are its decisions, latest first: what is approved begins; what was returned is over,
    and a hold whose proposal was taken back.
    """
    at, state = case.changed_at, case.state
    if state == CaseState.APPROVED and made:
        begin(con, made[0], actor, at)
    if state == CaseState.RETURNED and made:
        reverse(con, made[0], actor, at, _UNHELD[state])
    if state in _UNHELD:
        reverse_holds(con, case.case_id, actor, at, _UNHELD[state])


_UNHELD = {
    CaseState.RETURNED: "The proposal was returned.",
    CaseState.INVESTIGATING: "The proposal was taken back.",
}
"""States in which nothing is proposed, so that nothing is held unapproved, and why it ends."""


def standing(con: Connection, keys: Collection[str], at: datetime) -> dict[str, list[Effect]]:
    """What is in force on subjects at an instant, by key (`merchant:mer_1`), oldest first."""
    stands: dict[str, list[Effect]] = {}
    for query in lookups(keys):
        of_cases = effects.c.case_id.in_(query.with_only_columns(cases.c.case_id))
        for one in _select_standing(con, of_cases, at):
            stands.setdefault(one.entity_key, []).append(one)
    return stands


def histories(con: Connection, keys: Collection[str]) -> dict[str, list[EffectHistory]]:
    """Every effect on subjects with how it ended and its messages, by key, latest first."""
    every: list[Effect] = []
    for query in lookups(keys):
        of_cases = effects.c.case_id.in_(query.with_only_columns(cases.c.case_id))
        every += _read(con, select(effects).where(of_cases))
    ends = {one.reverses: one for one in every if one.reverses}
    told = messages.by_effect(con, [one.effect_id for one in every])
    made: dict[str, list[EffectHistory]] = {}
    for one in sorted(every, key=lambda each: -each.audit_seq):
        if one.kind != EffectKind.REVERSE:
            end = ends.get(one.effect_id)
            about = [*told.get(one.effect_id, ()), *(told.get(end.effect_id, ()) if end else ())]
            made.setdefault(one.entity_key, []).append(EffectHistory(one, end, tuple(about)))
    return made


def effect_of(con: Connection, effect_id: str) -> Effect | None:
    """One effect by its id."""
    return next(iter(_read(con, select(effects).where(effects.c.effect_id == effect_id))), None)


def lapsed(con: Connection, at: datetime, limit: int = AT_ONCE) -> list[Effect]:
    """Effects that ended by themselves and of which the platform was not told yet."""
    over = effects.c.ends_at.is_not(None) & (effects.c.ends_at <= at)
    query = _unended(over, at).where(effects.c.effect_id.not_in(messages.told_lapses()))
    return _read(con, query.limit(limit))


def _has_effects(con: Connection, case_id: str) -> bool:
    """Whether anything was ever asked about the subject of a case: of most, nothing was."""
    return con.execute(_OF_CASE, {"case": case_id}).first() is not None


_OF_CASE = select(effects.c.effect_id).where(effects.c.case_id == bindparam("case")).limit(1)
"""Made once: of a decision about a thousand, making statements took most of the time."""


def _of(what: Decision | Case | Effect) -> Any:
    if isinstance(what, Effect):
        return effects.c.effect_id == what.effect_id
    if isinstance(what, Case):
        return effects.c.case_id == what.case_id
    return effects.c.decision_id == what.decision_id


def _was_held(con: Connection, decision: Decision, at: datetime) -> bool:
    """Whether the action stands, or began unapproved too short a while ago to begin so again."""
    own = (effects.c.case_id == decision.case_id) & (effects.c.action == decision.action)
    if _select_standing(con, own, at):
        return True
    query = select(effects.c.effect_id).where(
        own, effects.c.kind == EffectKind.HOLD, effects.c.starts_at > at - HOLD_AGAIN
    )
    return con.execute(query.limit(1)).first() is not None


def _select_standing(con: Connection, of: Any, at: datetime) -> list[Effect]:
    lasting = effects.c.ends_at.is_(None) | (effects.c.ends_at > at)
    return _read(con, _unended(of & lasting & (effects.c.starts_at <= at), at))


def _unended(where: Any, at: datetime) -> Select[Any]:
    """Effects that no row had ended at an instant."""
    end = effects.alias("ends")
    ended = select(end.c.effect_id).where(
        end.c.reverses == effects.c.effect_id, end.c.starts_at <= at
    )
    return select(effects).where(where, effects.c.kind != EffectKind.REVERSE, ~ended.exists())


def _read(con: Connection, query: Select[Any]) -> list[Effect]:
    rows = con.execute(query.order_by(effects.c.audit_seq)).mappings()
    return [Effect(**{**row, "kind": EffectKind(row["kind"])}) for row in rows]


def _row(
    decision: Decision, kind: EffectKind, actor: str, at: datetime, ends_at: datetime | None
) -> dict[str, Any]:
    measure = measures()[decision.action]
    return {
        "effect_id": f"eff_{uuid4().hex[:16]}",
        "kind": kind.value,
        "decision_id": decision.decision_id,
        "case_id": decision.case_id,
        "entity_type": decision.entity_type,
        "entity_id": decision.entity_id,
        "action": decision.action,
        "scope": decision.scope or measure.scopes[0],
        "starts_at": at,
        "ends_at": ends_at,
        "reverses": None,
        "reason": "",
        "made_by": actor,
        "made_at": at,
    }


def _end(
    con: Connection, one: Effect, actor: str, at: datetime, reason: str, *, is_told: bool = True
) -> Effect:
    row = {
        **vars(one),
        "effect_id": f"eff_{uuid4().hex[:16]}",
        "kind": EffectKind.REVERSE.value,
        "action": measures()[one.action].reversal,
        "starts_at": at,
        "ends_at": None,
        "reverses": one.effect_id,
        "reason": reason,
        "made_by": actor,
        "made_at": at,
    }
    del row["audit_seq"]
    return _write(con, row, None, is_told=is_told)


def _write(
    con: Connection, row: dict[str, Any], decision: Decision | None, *, is_told: bool = True
) -> Effect:
    """The row sealed in the trail, and its message on the way."""
    whole = chain.record(con, "set_effect", f"case:{row['case_id']}", row)
    made = Effect(**{**whole, "kind": EffectKind(whole["kind"])})
    if is_told:
        grounds = (decision.typology, decision.reason_codes) if decision else ("", ())
        messages.queue(con, made, made.kind, made.made_at, grounds)
    return made


def announce_lapses(con: Connection, at: datetime) -> int:
    """Put on the way that holds ended by themselves; how many. Twice is once."""
    over = lapsed(con, at)
    for one in over:
        messages.queue(con, one, LAPSE, at, ("", ()))
    return len(over)
