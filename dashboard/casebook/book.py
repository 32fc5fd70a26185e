"""The casebook: every write an analyst makes, checked, versioned and audited.

A rule that matters (who may, what a verdict requires, which step is legal, who
changed it meanwhile) is enforced here, in one transaction with its audit entry,
because a page can be bypassed and a database cannot.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import polars as pl
from sqlalchemy import Connection, Select, insert, select

from dashboard import places
from dashboard.access import Viewer, require
from dashboard.casebook import (
    appeals,
    attention,
    chain,
    day_notes,
    effects,
    grouping,
    model_changes,
    rows,
    snapshots,
    statements,
)
from dashboard.casebook.decision_book import DecisionBook
from dashboard.casebook.effects_book import EffectsBook
from dashboard.casebook.engine import open_engine, reading, writing
from dashboard.casebook.held_back import held_from_reader, readable
from dashboard.casebook.inbox_book import InboxBook
from dashboard.casebook.labels import labels_of
from dashboard.casebook.privacy_book import PrivacyBook
from dashboard.casebook.read_cache import cached_read
from dashboard.casebook.record_keeping import RecordKeeping
from dashboard.casebook.redress_book import RedressBook
from dashboard.casebook.review_book import ReviewBook
from dashboard.casebook.rules import (
    check_bulk,
    check_draft,
    check_everywhere,
    check_fresh,
    check_group,
)
from dashboard.casebook.schema import cases, drafts
from dashboard.casebook.steps_book import StepsBook
from dashboard.casebook.subjects import markets_of, names_in
from dashboard.casebook.undoing import undo
from dashboard.casebook.verifying import first_broken
from dashboard.cases.teaching import needs_approval

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from dashboard.casebook.lookups import Waits
    from dashboard.cases.attention import Spent
    from dashboard.cases.records import (
        Assignment,
        BrokenLink,
        Case,
        DayNote,
        Decision,
        DecisionDraft,
        LinkVerdict,
        ModelProposal,
        ModelStanding,
    )
    from dashboard.cases.states import Verdict


def open_casebook(url: str | None = None) -> Casebook:
    """The casebook at `url`, or where the environment says; one per process.

    Raises CasebookUnavailable with a sentence and a remedy.
    """
    return _opened(url or places.casebook_url())


@cache
def _opened(url: str) -> Casebook:
    return Casebook(open_engine(url), markets_of, names_in)


class Casebook(
    DecisionBook,
    StepsBook,
    EffectsBook,
    InboxBook,
    RedressBook,
    PrivacyBook,
    ReviewBook,
    RecordKeeping,
):
    """Cases, decisions, drafts and the audit trail of one marketplace."""

    def case_of(self, entity_type: str, entity_id: str) -> Case | None:
        """The case of an entity, or None when nobody has opened one, or while it is held back."""
        return self.cases_of([key := f"{entity_type}:{entity_id}"]).get(key)

    def decide(
        self,
        draft: DecisionDraft,
        *,
        viewer: Viewer,
        seen_version: int | None = None,
        spent: Spent | None = None,
    ) -> Decision:
        """Record a decision and move its case, in one transaction.

        `seen_version` is the case's version the viewer saw (0 = no case yet);
        None skips that check. The same `idempotency_key` returns the decision
        already recorded. Raises IncompleteDecision, StaleCase,
        IllegalTransition or AccessDenied; then nothing is written.
        """
        key = draft.entity_key
        seen = None if seen_version is None else {key: seen_version}
        return self.decide_all([draft], viewer=viewer, seen_versions=seen, spent=spent)[0]

    def decide_all(
        self,
        made: Sequence[DecisionDraft],
        *,
        viewer: Viewer,
        seen_versions: Mapping[str, int] | None = None,
        is_of_filter: bool = False,
        spent: Spent | None = None,
    ) -> list[Decision]:
        """Record several decisions, each with its own audit row, or none of them.

        `seen_versions` are the cases' versions the viewer saw, by entity key; keys that are
        missing are not checked. Whoever a filter lists may have been read by nobody: of them
        BulkRefused is raised for too many and for what is too severe. `spent` is what all of
        them took, where that was measured. Raises like `decide`.
        """
        require(viewer, "decide")
        if is_of_filter:
            check_bulk(made)
        verdicts = [check_draft(draft) for draft in made]
        self._check([one.entity_key for one in made], viewer)
        notes = {note: self._nameless(note, viewer) for note in {one.note for one in made}}
        nameless = [replace(one, note=notes[one.note]) for one in made]
        batch = f"bat_{uuid4().hex[:16]}" if len(made) > 1 else None
        with writing(self._engine) as con:
            chain.lock(con)
            seen = seen_versions or {}
            made_now = [
                _decided(con, draft, verdict, viewer, batch, seen)
                for draft, verdict in zip(nameless, verdicts, strict=True)
            ]
            for one, is_new in made_now:
                if is_new:
                    effects.follow_decision(
                        con, one, viewer.name, one.decided_at, is_read=not is_of_filter
                    )
                    if needs_approval(one) and not is_of_filter:
                        market = self._market_of(one.entity_key)
                        statements.state_hold(con, one, viewer.name, market=market)
            decided = [one for one, _ in made_now]
            if spent:
                attention.record(con, decided, spent, viewer.name)
            return decided

    def undo(self, made: Iterable[Decision], *, viewer: Viewer) -> list[Case]:
        """Take decisions back, all or none; raises where one is too old, another's, or built on."""
        require(viewer, "decide")
        made = list(made)
        self._check([one.entity_key for one in made], viewer)
        with writing(self._engine) as con:
            chain.lock(con)
            return [undo(con, one, viewer) for one in made]

    def assign(self, keys: Sequence[str], to: Assignment, *, viewer: Viewer) -> None:
        """Move subjects to another case: split off, add, put together, or make one by hand."""
        require(viewer, "decide")
        check_group(keys, to)
        self._check(keys, viewer)
        with writing(self._engine) as con:
            chain.lock(con)
            grouping.assign(con, keys, to, viewer.name)

    def assigned(self) -> dict[str, Assignment]:
        """Where each subject that was ever moved is now, by key."""
        with reading(self._engine) as con:
            return grouping.assigned(con)

    def judge_link(self, link: LinkVerdict, *, viewer: Viewer) -> None:
        """Confirm or reject the link between two subjects; the next build leaves it out."""
        require(viewer, "decide")
        self._check([link.src, link.dst], viewer)
        link = replace(link, note=self._nameless(link.note, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            grouping.judge_link(con, link, viewer.name)

    def judged_links(self) -> list[LinkVerdict]:
        """The last word about each link that was judged."""
        with reading(self._engine) as con:
            return grouping.judged_links(con)

    def rejected_links(self) -> pl.DataFrame:
        """Links that are none, for the next build: src, dst, as `type:id` in one order."""
        rejected = [one for one in self.judged_links() if one.verdict == "REJECTED"]
        ends = {"src": [one.src for one in rejected], "dst": [one.dst for one in rejected]}
        return pl.DataFrame(ends, schema={"src": pl.String, "dst": pl.String})

    def write_note(self, note: DayNote, *, viewer: Viewer) -> None:
        """Write a note on a day of a metric, or replace one.

        Raises IncompleteDecision, AccessDenied for one of a market that is not seen.
        """
        require(viewer, "decide")
        note = replace(note, text=self._nameless(note.text, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            day_notes.write_note(con, note, viewer)

    def notes_between(self, since: date, until: date) -> list[DayNote]:
        """The notes on these days that nobody took back, oldest day first."""
        with reading(self._engine) as con:
            return day_notes.notes_between(con, since, until)

    def propose_model(self, made: ModelProposal, *, viewer: Viewer) -> None:
        """Propose another model for a type; raises IncompleteDecision, IllegalTransition."""
        require(viewer, "decide")
        check_everywhere(viewer)
        made = replace(made, note=self._nameless(made.note, viewer))
        with writing(self._engine) as con:
            chain.lock(con)
            model_changes.propose(con, made, viewer.name)

    def answer_model(self, made: ModelProposal, *, viewer: Viewer, is_promoted: bool) -> None:
        """Promote a proposed model, as a second person, or decline it.

        Raises StaleCase when it no longer waits, AccessDenied when the role may not promote, or
        when the proposer would.
        """
        require(viewer, "approve" if is_promoted else "decide")
        check_everywhere(viewer)
        with writing(self._engine) as con:
            chain.lock(con)
            seen = (made.entity_type, made.seq)
            model_changes.answer(con, *seen, viewer, is_promoted=is_promoted)

    def model_standing(self, entity_type: str) -> ModelStanding:
        """Which recipe the next build uses for a type, and what waits for a second person."""
        with reading(self._engine) as con:
            return model_changes.standing(con, entity_type)

    def cases(self) -> dict[str, Case]:
        """Every case ever opened, by entity key: for exports and tests, no page reads so much."""
        with reading(self._engine) as con:
            every = _by_key(con, select(cases))
            seen = readable(con, every)
        return {key: case for key, case in every.items() if key in seen}

    @cached_read
    def cases_of(self, keys: Iterable[str]) -> dict[str, Case]:
        """The cases of some entities by key, without those that are held back from the reader.

        Its cost is that of the keys, not of the book.
        """
        with reading(self._engine) as con:
            return rows.cases_of(con, readable(con, keys))

    def waiting(self, waits: Waits, *, limit: int, offset: int = 0) -> dict[str, Case]:
        """A part of the cases that wait, by entity key, the next review first."""
        with reading(self._engine) as con:
            return _by_key(con, _seen(con, waits).page(limit, offset))

    def waiting_count(self, waits: Waits) -> int:
        """How many wait."""
        with reading(self._engine) as con:
            return int(con.execute(_seen(con, waits).counted()).scalar_one())

    def waiting_keys(self, waits: Waits) -> list[str]:
        """The entity keys of all that wait, the next review first: for whoever sees a part."""
        with reading(self._engine) as con:
            return [f"{one[0]}:{one[1]}" for one in con.execute(_seen(con, waits).keys())]

    @cached_read
    def head(self) -> str:
        """The seal of the last entry of the audit trail: another one after every write."""
        with reading(self._engine) as con:
            return chain.head(con)

    def save_draft(self, subject: str, content: dict[str, Any], *, viewer: Viewer) -> None:
        """Keep an unfinished form of this viewer; `subject` is e.g. an entity key."""
        require(viewer, "decide")
        row = {"actor": viewer.name, "subject": subject}
        saved = {"content": json.dumps(content, default=str), "saved_at": rows.now()}
        with writing(self._engine) as con:
            rows.forget_draft(con, viewer.name, subject)
            con.execute(insert(drafts).values(**row, **saved))

    def drop_draft(self, subject: str, *, viewer: Viewer) -> None:
        """Forget what this viewer left unfinished about `subject`."""
        if self.draft(subject, viewer=viewer) is not None:
            with writing(self._engine) as con:
                rows.forget_draft(con, viewer.name, subject)

    @cached_read
    def draft(self, subject: str, *, viewer: Viewer) -> dict[str, Any] | None:
        """What this viewer left unfinished about `subject`, or None."""
        query = select(drafts.c.content).where(
            drafts.c.actor == viewer.name, drafts.c.subject == subject
        )
        with reading(self._engine) as con:
            content = con.execute(query).scalar()
        return json.loads(content) if content else None

    def drafts_of(self, prefix: str, *, viewer: Viewer) -> dict[str, dict[str, Any]]:
        """What this viewer keeps under subjects that begin with `prefix`, by the rest of them."""
        query = select(drafts.c.subject, drafts.c.content).where(
            drafts.c.actor == viewer.name, drafts.c.subject.startswith(prefix, autoescape=True)
        )
        with reading(self._engine) as con:
            kept = con.execute(query.order_by(drafts.c.subject)).all()
        return {subject.removeprefix(prefix): json.loads(content) for subject, content in kept}

    def forget_draft(self, subject: str, *, viewer: Viewer) -> None:
        """Keep what this viewer left about `subject` no longer."""
        with writing(self._engine) as con:
            rows.forget_draft(con, viewer.name, subject)

    def verify(self) -> BrokenLink | None:
        """None when the whole trail holds; else the first place where it does not."""
        with reading(self._engine) as con:
            return first_broken(con)

    def snapshot(self, snapshot_id: str | None) -> dict[str, Any]:
        """What a decision was taken on; empty where nothing was kept, or it was erased."""
        with reading(self._engine) as con:
            return snapshots.kept(con, snapshot_id)

    def labels_frame(self, *, as_judged: bool = False) -> pl.DataFrame:
        """Decisions as rows of raw.labels (source `casebook`) for the next build.

        `as_judged` lets them count from the snapshot they judged.
        """
        with reading(self._engine) as con:
            made, judged = rows.decisions_since(con), appeals.outcomes(con)
            return labels_of(made, chain.answers(con), judged, as_judged=as_judged)

    def findings_since(self, instant: datetime) -> pl.DataFrame:
        """The labels of decisions and appeals since `instant` (UTC), the last of each subject.

        Columns of `labels_frame`: what the next build learns that the last one could not.
        """
        with reading(self._engine) as con:
            judged = appeals.outcomes(con, since=instant)
            made = rows.decisions_since(con, instant, named=[one.decision_id for one in judged])
            labels = labels_of(made, chain.answers(con, instant), judged)
        return labels.unique(("entity_type", "entity_id"), keep="last", maintain_order=True)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def _by_key(con: Connection, query: Select[Any]) -> dict[str, Case]:
    """The cases that a query reads, by entity key."""
    every = map(rows.case_from, con.execute(query).mappings())
    return {case.entity_key: case for case in every}


def _seen(con: Connection, waits: Waits) -> Waits:
    """Which of those that wait are not held back from the reader."""
    return replace(waits, without=(*waits.without, *held_from_reader(con)))


def _decided(
    con: Connection,
    draft: DecisionDraft,
    verdict: Verdict,
    viewer: Viewer,
    batch: str | None,
    seen_versions: Mapping[str, int],
) -> tuple[Decision, bool]:
    """The decision, and whether it is new: the same intention is recorded once."""
    if made := rows.recorded(con, draft.idempotency_key):
        return made, False
    case = rows.case_of(con, draft.entity_type, draft.entity_id)
    check_fresh(case, seen_versions.get(draft.entity_key))
    case = case or rows.open_case(con, draft.entity_type, draft.entity_id, viewer.name)
    return rows.decide_case(con, case, draft, verdict, viewer.name, batch), True
