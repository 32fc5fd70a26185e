"""What the casebook does for whoever was sanctioned: they are told why, and may appeal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dashboard.access import require
from dashboard.casebook import appeals, case_record, chain, statements
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import reading, writing
from dashboard.casebook.held_back import held_decisions, held_from_reader

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from dashboard.access import Viewer
    from dashboard.cases.redress import (
        Appeal,
        AppealOutcome,
        CaseRecord,
        Judgement,
        NewAppeal,
        Redress,
        Statement,
        WaitingAppeal,
    )


class RedressBook(BookPart):
    """Statements of reasons, appeals and the record of a decision: a part of `Casebook`."""

    def appeal(
        self, new: NewAppeal, *, viewer: Viewer, today: date, seen_version: int | None = None
    ) -> Appeal:
        """Record an appeal on the day `today` of the data; `seen_version` is the case's.

        Raises IllegalTransition, IncompleteDecision, StaleCase, or AccessDenied where it is late
        and this role may not let it in; then nothing is written.
        """
        require(viewer, "decide")
        self._check([self._subject_of(new.decision_id)], viewer)
        new = replace(new, text=self._nameless(new.text, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            return appeals.receive(con, new, viewer, today=today, seen_version=seen_version)

    def judge_appeal(self, made: Judgement, *, viewer: Viewer) -> AppealOutcome:
        """Uphold or overturn the decision that an appeal is against.

        Overturning ends every effect and clears the subject from its day on. Raises AccessDenied
        for whoever decided or approved it, IncompleteDecision, StaleCase.
        """
        require(viewer, "appeal")
        with reading(self._engine) as con:
            decision_id = appeals.appeal_of(con, made.appeal_id).decision_id
        self._check([self._subject_of(decision_id)], viewer)
        made = replace(made, note=self._nameless(made.note, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            return appeals.judge(con, made, viewer)

    def _subject_of(self, decision_id: str) -> str:
        """The key of whom a decision that stands is about."""
        with reading(self._engine) as con:
            decision = appeals.decision_of(con, decision_id)
        return decision.entity_key

    def decision_of_reference(self, reference: str) -> str | None:
        """The decision that a statement's number belongs to."""
        with reading(self._engine) as con:
            return appeals.decision_of_reference(con, reference)

    def redress_of(self, decision_ids: Collection[str]) -> dict[str, Redress]:
        """What was told and answered about decisions, by id; none of what took nothing."""
        with reading(self._engine) as con:
            return appeals.redress_of(con, set(decision_ids) - held_decisions(con))

    def statements_made(
        self, *, viewer: Viewer, since: date | None = None, until: date | None = None
    ) -> list[Statement]:
        """Every statement that took effect on these days of the data, in order; to be exported."""
        require(viewer, "export")
        with reading(self._engine) as con:
            made = statements.statements_made(con, since, until, viewer.markets)
            held = held_decisions(con)
        return [one for one in made if one.decision_id not in held]

    def appeals_waiting(self, *, limit: int, offset: int = 0) -> list[WaitingAppeal]:
        """A part of the appeals that nobody has judged, the first due first."""
        with reading(self._engine) as con:
            return appeals.waiting(con, limit, offset, without=held_from_reader(con))

    def appeals_waiting_count(self) -> int:
        """How many appeals nobody has judged."""
        with reading(self._engine) as con:
            return appeals.waiting_count(con, without=held_from_reader(con))

    def case_record(
        self, decision_id: str, *, viewer: Viewer, until: int | None = None
    ) -> CaseRecord:
        """All that is kept about a decision up to an entry of the trail, to be taken out."""
        require(viewer, "export")
        with reading(self._engine) as con:
            record = case_record.record_of(con, decision_id, until)
        self._check([f"{record.decision.entity_type}:{record.decision.entity_id}"], viewer)
        return record
