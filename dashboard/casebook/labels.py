"""Decisions as labels: what the next build learns from the analysts.

Which decisions teach, and from when: docs/decisions/0028-casebook-chain.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard.cases.states import ADVERSE, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.cases.records import Decision

SCHEMA: dict[str, pl.DataType] = {
    "label_id": pl.String(),
    "entity_type": pl.String(),
    "entity_id": pl.String(),
    "label": pl.String(),
    "typology": pl.String(),
    "source": pl.String(),
    "event_at": pl.Datetime("us"),
    "observed_at": pl.Datetime("us"),
    "decided_at": pl.Datetime("us"),
    "known_at": pl.Datetime("us"),
    "analyst_id": pl.String(),
}


def labels_of(decisions: Iterable[Decision]) -> pl.DataFrame:
    """Rows of raw.labels, one per entity whose latest decision is a label.

    `decisions` in the order they were taken. When the behaviour began is not asked of the
    analyst (`event_at` is null); seen, decided and known are one instant here, that of the
    decision.
    """
    latest = {(each.entity_type, each.entity_id): each for each in decisions}
    rows = [row for each in latest.values() if (row := _row(each))]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(decision: Decision) -> tuple[object, ...] | None:
    label = _label(decision.verdict)
    if label is None:
        return None
    return (
        f"lab_{decision.decision_id}",
        decision.entity_type,
        decision.entity_id,
        label,
        (decision.typology or None) if label == "bad" else None,
        "casebook",
        None,
        decision.decided_at,
        decision.decided_at,
        decision.decided_at,
        decision.decided_by,
    )


def _label(verdict: Verdict) -> str | None:
    if verdict in ADVERSE:
        return "bad"
    return "good" if verdict == Verdict.FALSE_POSITIVE else None
