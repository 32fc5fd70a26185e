"""The steps of a case between its decisions, as the casebook offers them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dashboard.access import require
from dashboard.casebook import attention, chain, rows, statements, steps
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import reading, writing
from dashboard.casebook.held_back import held_back
from dashboard.casebook.read_cache import cached_read
from dashboard.casebook.rules import check_act, check_fresh
from dashboard.cases.acts import RULES, CaseAct
from dashboard.cases.records import NextStep

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from dashboard.access import Viewer
    from dashboard.cases.attention import Spent
    from dashboard.cases.records import Case, SeenAlert
    from dashboard.cases.states import CaseState


class StepsBook(BookPart):
    """What is done with cases without deciding anew."""

    def move(  # noqa: PLR0913 -- what a step may say, each by its name
        self,
        case: Case,
        to: CaseState,
        *,
        viewer: Viewer,
        assignee: str | None = None,
        data_day: date | None = None,
        reason: str = "",
        spent: Spent | None = None,
    ) -> Case:
        """`case` in state `to`, by the one act that leads there, on the day `data_day` of the data.

        `spent` is what an answer to a proposal took, where that was measured.

        Pass the case as the viewer saw it: raises StaleCase when it changed since, and otherwise
        like `set_aside`.
        """
        self._check([case.entity_key], viewer)
        reason = self._nameless(reason, viewer)
        with writing(self._engine) as con:
            chain.lock(con)
            check_fresh(rows.case_of(con, case.entity_type, case.entity_id), case.version)
            said = NextStep(CaseAct.START, data_day, assignee, reason=reason)
            step = steps.step_to(case, to, said, viewer)
            check_act(step.act)
            moved = self._told(con, steps.take(con, case, step, viewer), step, viewer)
            attention.record_answer(con, moved, spent, viewer.name)
            return moved

    def set_aside(
        self,
        alerts: Iterable[SeenAlert],
        step: NextStep,
        *,
        viewer: Viewer,
        seen_versions: Mapping[str, int] | None = None,
        spent: Spent | None = None,
    ) -> list[Case]:
        """Take one step with the cases of `alerts`, opening those that nobody opened; all or none.

        `seen_versions` are the cases' versions the viewer saw, by entity key; keys that are
        missing are not checked; `spent` is what an answer to proposals took. A case that is
        theirs already is claimed by nobody again. Raises
        StaleCase, IllegalTransition, AccessDenied or IncompleteDecision.
        """
        require(viewer, _least(step.act, viewer))
        check_act(step.act)
        alerts, seen = list(alerts), seen_versions or {}
        self._check([alert.entity_key for alert in alerts], viewer)
        step = replace(step, reason=self._nameless(step.reason, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            taken = [steps.step_on(con, one, step, viewer, seen) for one in alerts]
            moved = [self._told(con, case, step, viewer) for case in taken]
            for case in moved:
                attention.record_answer(con, case, spent, viewer.name)
            return moved

    def _told(self, con: Connection, case: Case, step: NextStep, viewer: Viewer) -> Case:
        """The case, whose subject is told why if what was proposed takes effect with the step."""
        if step.act is CaseAct.APPROVE:
            [decision, *_] = rows.decisions_of(con, case.entity_type, case.entity_id)
            market, day = self._market_of(case.entity_key), step.data_day
            statements.state_reasons(con, decision, viewer.name, market=market, day=day)
        return case

    @cached_read
    def weigh(self, keys: Collection[str], *, viewer: Viewer) -> dict[str, steps.Weighed]:
        """How the cases of some subjects stand for the viewer, by key; nothing is written.

        Whoever is held back from the viewer is left out: there is no step before the second look.
        """
        require(viewer, "view")
        with reading(self._engine) as con:
            return steps.weigh(con, set(keys) - {*held_back(con, viewer, keys)}, viewer)

    def open_counts(self) -> dict[str, int]:
        """How many open cases each analyst has, by name."""
        with reading(self._engine) as con:
            return steps.open_counts(con)

    def colleagues(self) -> list[str]:
        """Everybody a case can be given to: whoever ever worked here, by name."""
        with reading(self._engine) as con:
            return steps.colleagues(con)


def _least(act: CaseAct, viewer: Viewer) -> str:
    """What is asked before anything is read: a case of one's own is passed on without more."""
    permission = RULES[act].permission
    is_own = act is CaseAct.ASSIGN and not viewer.may(permission)
    return "decide" if is_own else permission
