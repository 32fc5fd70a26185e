"""How people review, as the casebook keeps it: second reviews, what decisions took, blind first.

Each method is one transaction; the rules stand in `reviews.py` and `attention.py`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access import is_same_person, require
from dashboard.casebook import attention, chain, held_back, reviews, rows
from dashboard.casebook.base import BookPart
from dashboard.casebook.engine import reading, writing
from dashboard.casebook.read_cache import cached_read
from dashboard.casebook.schema import appeal_outcomes, appeals, decisions
from dashboard.cases.reviews import SEEDED, Reviewed, drawn, shuffled, sure_ones
from dashboard.errors import AccessDenied, IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from dashboard.access import Viewer
    from dashboard.cases.attention import Approval, DecisionTime
    from dashboard.cases.records import Decision
    from dashboard.cases.reviews import ReviewTask, Sample, SecondVerdict, SureCase


class ReviewBook(BookPart):
    """The part of the casebook about reviewing."""

    def _markets(self, keys: Collection[str]) -> Mapping[str, str]:
        return (self._market_lookup(keys) if self._market_lookup and keys else None) or {}

    def _inside(self, tasks: Sequence[ReviewTask], viewer: Viewer) -> list[ReviewTask]:
        """Those of subjects in the viewer's markets."""
        seen = self._seen({one.entity_key for one in tasks}, viewer)
        return [one for one in tasks if one.entity_key in seen]

    def _seen(self, keys: Collection[str], viewer: Viewer) -> set[str]:
        """Those of `keys` that lie in the viewer's markets."""
        if not viewer.markets:
            return set(keys)
        markets = self._markets(keys)
        return {key for key in keys if markets.get(key) in viewer.markets}

    def draw_reviews(self, sample: Sample, sure: Sequence[SureCase], *, viewer: Viewer) -> int:
        """Draw decisions for a second look, with sure cases among them; how many tasks there are.

        What was drawn before is not drawn again; raises AccessDenied, or IllegalTransition where
        there is nothing to draw from.
        """
        require(viewer, "quality" if viewer.may("quality") else "review")
        with reading(self._engine) as con:
            made = rows.decisions_since(con)
        markets = self._markets({one.entity_key for one in made})
        keys = {one.entity_key for one in made} | {one.entity_key for one in sure}
        seen = self._seen(keys, viewer)
        made = [one for one in made if one.entity_key in seen]
        sure = [one for one in sure if one.entity_key in seen]
        with writing(self._engine) as con:
            chain.lock(con)
            before = reviews.drawn_decisions(con)
            picked = drawn([one for one in made if one.decision_id not in before], markets, sample)
            if not picked:
                raise IllegalTransition(
                    "There is no decision that was not drawn before.",
                    "Draw again when more was decided.",
                )
            count = -(-len(picked) // SEEDED)
            seeds = sure_ones(sure, reviews.subjects_drawn(con), count, sample)
            every: list[Decision | SureCase] = [*picked, *seeds]
            names = [one.entity_key for one in every]
            return reviews.draw(con, shuffled(every, sample, names), viewer.name)

    def review_tasks(self, *, viewer: Viewer) -> list[ReviewTask]:
        """What this viewer may review now; nothing for a role that reviews nothing."""
        require(viewer, "view")
        if not viewer.may("review"):
            return []
        with reading(self._engine) as con:
            tasks = reviews.tasks_for(con, viewer)
        return self._inside(tasks, viewer)

    @cached_read
    def held_back(self, keys: Collection[str] | None = None, *, viewer: Viewer) -> dict[str, str]:
        """Of `keys`, or of all, those whose standing this viewer may not see, each with its task.

        They wait for a second look that is theirs to give; nobody else's is held back.
        """
        require(viewer, "view")
        with reading(self._engine) as con:
            return held_back.held_back(con, viewer, None if keys is None else set(keys))

    def review_task(self, task_id: str, *, viewer: Viewer) -> ReviewTask:
        """One task that this viewer may review; raises with a sentence where they may not."""
        require(viewer, "review")
        with reading(self._engine) as con:
            task = reviews.task_of(con, task_id, viewer)
        if not self._inside([task], viewer):
            raise AccessDenied(
                "This review is of another market.", "Open one of your list instead."
            )
        return task

    def review(self, said: SecondVerdict, *, viewer: Viewer) -> Reviewed:
        """Write the second word and return both; raises IncompleteDecision, AccessDenied."""
        self.review_task(said.task_id, viewer=viewer)
        said = replace(said, note=self._nameless(said.note, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            reviews.answer(con, said, viewer)
            return next(one for one in reviews.reviewed(con) if one.task.task_id == said.task_id)

    def reviewed(self, *, viewer: Viewer) -> list[Reviewed]:
        """Tasks that were answered, the last first: one's own, or all for whoever reads quality."""
        with reading(self._engine) as con:
            every = reviews.reviewed(con)
        if viewer.may("quality"):
            inside = {one.task_id for one in self._inside([one.task for one in every], viewer)}
            return [one for one in every if one.task.task_id in inside]
        require(viewer, "review")
        return [one for one in every if is_same_person(one.reviewer, viewer.name)]

    def standing_decisions(self, *, viewer: Viewer) -> list[Decision]:
        """Every decision that was not taken back, oldest first."""
        require(viewer, "quality")
        with reading(self._engine) as con:
            made = rows.decisions_since(con)
        seen = self._seen({one.entity_key for one in made}, viewer)
        return [one for one in made if one.entity_key in seen]

    def appeal_results(self, *, viewer: Viewer) -> dict[str, str]:
        """What became of the last appeal against each decision that was appealed, by decision."""
        require(viewer, "quality")
        made = decisions.c
        query = (
            select(
                appeals.c.decision_id, appeal_outcomes.c.outcome, made.entity_type, made.entity_id
            )
            .join(appeal_outcomes, appeals.c.appeal_id == appeal_outcomes.c.appeal_id)
            .join(decisions, appeals.c.decision_id == made.decision_id)
            .order_by(appeal_outcomes.c.audit_seq)
        )
        with reading(self._engine) as con:
            judged = con.execute(query).all()
        keys = {one.decision_id: f"{one.entity_type}:{one.entity_id}" for one in judged}
        seen = self._seen({*keys.values()}, viewer)
        return {one.decision_id: one.outcome for one in judged if keys[one.decision_id] in seen}

    def decision_times(self, *, viewer: Viewer) -> list[DecisionTime]:
        """What decisions took: one's own, all by person, or all without names."""
        require(viewer, "view")
        with reading(self._engine) as con:
            every = attention.times(con, viewer)
        seen = self._seen({one.entity_key for one in every}, viewer)
        return [one for one in every if one.entity_key in seen]

    def approvals(self, *, viewer: Viewer) -> list[Approval]:
        """Every answer to a proposal, with what it took; for whoever reads people by name."""
        require(viewer, "quality")
        if not attention.sees_people(viewer):
            raise AccessDenied(
                "Whoever gives work out does not read how fast each person answers.",
                "Ask a quality reviewer or an auditor.",
            )
        with reading(self._engine) as con:
            every = attention.approvals(con)
        seen = self._seen({one.entity_key for one in every}, viewer)
        return [one for one in every if one.entity_key in seen]

    @cached_read
    def blind_share(self) -> float:
        """The share of subjects, 0..1, whose score everybody sees only after a first verdict."""
        with reading(self._engine) as con:
            entries = chain.entries(con, _BLIND)
        return float(json.loads(entries[-1].after)["share"]) if entries else 0.0

    def set_blind_share(self, share: float, *, viewer: Viewer) -> None:
        """Hide the score of so many subjects until a first verdict; sealed in the trail."""
        require(viewer, "quality")
        if not 0.0 <= share <= 1.0:
            raise IllegalTransition("The share is outside 0 to 1.", "Give one such as 0.25.")
        before = {"share": self.blind_share()}
        with writing(self._engine) as con:
            chain.lock(con)
            act = chain.Act(
                rows.now(), viewer.name, "set_blind_share", _BLIND, before, {"share": share}
            )
            chain.append(con, act)


_BLIND = "setting:blind_first"
