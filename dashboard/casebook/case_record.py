"""All that the casebook keeps about one decision, up to an entry of the audit trail.

Nothing of it is read from the data or from the packs of today, so that a report made from it is
the same after any number of builds: docs/decisions/0137-reasons-and-appeals.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, select

from dashboard.casebook import appeals, chain, rows, snapshots
from dashboard.casebook.schema import decisions, effects, statements
from dashboard.casebook.statements import statement_from
from dashboard.cases.redress import CaseRecord, Redress
from dashboard.errors import IllegalTransition

if TYPE_CHECKING:
    from dashboard.cases.records import Decision
    from dashboard.cases.redress import Statement


def record_of(con: Connection, decision_id: str, until: int | None = None) -> CaseRecord:
    """The record of a decision; `until` None = up to the last entry about its case.

    Raises IllegalTransition where there is no such decision by then.
    """
    query = select(decisions).where(decisions.c.decision_id == decision_id)
    row = con.execute(query).mappings().first()
    every = chain.entries(con, f"case:{row['case_id']}") if row else []
    last = until or (every[-1].seq if every else 0)
    if row is None or row["audit_seq"] > last:
        raise IllegalTransition(
            f"There is no decision {decision_id} here.", "Look its number up in the case."
        )
    decision = rows.decision_from(row)
    told = [statement_from(one) for one in _rows(con, statements, decision_id, last)]
    return CaseRecord(
        decision,
        last,
        snapshots.kept(con, decision.snapshot_id),
        tuple(dict(one) for one in _rows(con, effects, decision_id, last)),
        tuple(told),
        _redress(con, decision, told, last),
        tuple(one for one in every if one.seq <= last),
    )


def _rows(con: Connection, table: Table, decision_id: str, last: int) -> list[Any]:
    query = select(table).where(table.c.decision_id == decision_id, table.c.audit_seq <= last)
    return list(con.execute(query.order_by(table.c.audit_seq)).mappings())


def _redress(
    con: Connection, decision: Decision, told: list[Statement], last: int
) -> Redress | None:
    """The last statement with the appeal and its outcome, as far as they were written by then."""
    known = appeals.redress_of(con, [decision.decision_id]).get(decision.decision_id)
    if known is None or not told:
        return None
    appeal = known.appeal if known.appeal and known.appeal.audit_seq <= last else None
    outcome = known.outcome if known.outcome and known.outcome.audit_seq <= last else None
    return Redress(told[-1], appeal, outcome)
