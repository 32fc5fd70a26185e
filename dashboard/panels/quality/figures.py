"""Agreement, overturns, approvers and fairness, each as tables that say of how many and since when.

A figure of fewer than ten cases is not shown, and the table says how many it left out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.access import viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.attention import MOST_ANSWERS
from dashboard.cases.reviews import side_of
from dashboard.cases.teaching import label_of
from dashboard.components.board import Column, Table, board
from dashboard.components.boundary import panel
from dashboard.components.empty_state import empty_state
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import MISSING, md_escape, plain, plural
from dashboard.view_models import words
from dashboard.view_models.agreement import AgreementRow, agreement, agreement_rows
from dashboard.view_models.approvers import LOOK_SECONDS, WORDS_A_SECOND, approver_rows
from dashboard.view_models.fairness import DIMENSIONS, MEASURES, VERDICTS, fairness_rows
from dashboard.view_models.overturns import overturns_by_person, overturns_by_reason
from dashboard.view_models.shares import LEAST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.cases.reviews import Reviewed
    from dashboard.view_models.overturns import OverturnRow
    from dashboard.view_models.shares import Share

_FEW = f"Fewer than {LEAST} cases are not shown."
_KAPPA = "Cohen's kappa: agreement beyond chance, at most 1, with its 95 % interval"
_AC1 = "Gwet's AC1: the same where nearly all cases are of one kind"


@panel
def draw_agreement() -> None:
    """How far the first and the second word agree: bad, good or open."""
    reviews = [one for one in open_casebook().reviewed(viewer=viewer()) if one.first]
    if not reviews:
        draws = viewer().may("review")
        remedy = "Draw some under My reviews." if draws else "A quality reviewer draws them."
        empty_state("No decision was reviewed twice yet.", remedy)
        return
    pairs = [_pair(one) for one in reviews]
    every = agreement(pairs)
    by_typology, few = agreement_rows(
        (words.typology_title(one.first.typology) if one.first else "", pair)
        for one, pair in zip(reviews, pairs, strict=True)
    )
    by_people, few_people = agreement_rows(
        (f"{plain(one.first.decided_by)}, {plain(one.reviewer)}" if one.first else "", pair)
        for one, pair in zip(reviews, pairs, strict=True)
    )
    period = _period([one.reviewed_at for one in reviews])
    whole = [AgreementRow("All", every)] if every.is_shown else []
    board(
        [
            _agreement("By typology", [*whole, *by_typology], period, few),
            _agreement("By pair of reviewers", by_people, period, few_people),
        ],
        key="quality.agreement",
    )
    st.caption(
        "Two verdicts agree where both say bad, both good or both leave it open. The sample holds "
        "more of what is severe and of new reviewers, so this is no rate of all decisions."
    )


def _pair(one: Reviewed) -> tuple[str, str]:
    return side_of(one.first_verdict), side_of(one.second.verdict)


def _agreement(title: str, rows: Sequence[AgreementRow], period: str, few: int) -> Table:
    columns = [
        Column("Of", [row.name for row in rows]),
        _number("n", [row.agreement.observed.whole for row in rows]),
        _share("Same", [row.agreement.observed for row in rows]),
        Column(
            "Kappa",
            [row.agreement.kappa.said for row in rows],
            [row.agreement.kappa.value for row in rows],
            width=148,
            is_number=True,
            tip=_KAPPA,
        ),
        Column(
            "AC1",
            [row.agreement.ac1.said for row in rows],
            [row.agreement.ac1.value for row in rows],
            width=148,
            is_number=True,
            tip=_AC1,
        ),
    ]
    return Table(title, f", {period}", _few(few, "case"), columns, title, most_rows=12)


@panel
def draw_overturns() -> None:
    """What did not hold, by whoever decided and by the reason that was given."""
    book, who = open_casebook(), viewer()
    made = book.standing_decisions(viewer=who)
    if not made:
        empty_state("Nobody has decided anything yet.", "Decisions are taken on Investigate.")
        return
    outcomes, reviews = book.appeal_results(viewer=who), book.reviewed(viewer=who)
    period = _period([one.decided_at for one in made])
    people = overturns_by_person(made, outcomes, reviews)
    reasons = overturns_by_reason(made, outcomes, reviews)
    by_person = _overturns("By person", people, period, has_missed=True)
    board([by_person], key="quality.overturns")
    said = _reasons()
    in_words = [replace(row, name=said.get(row.name, row.name)) for row in reasons]
    by_reason = _overturns("By reason", in_words, period, has_missed=False)
    board([by_reason], key="quality.reasons")


def _reasons() -> dict[str, str]:
    """Every reason code in words; a sentence that stands for codes is its own."""
    packs = words.known_packs().values()
    return {code: reason.analyst for pack in packs for code, reason in pack.reason_codes.items()}


def _overturns(title: str, rows: Sequence[OverturnRow], period: str, *, has_missed: bool) -> Table:
    columns = [
        Column(
            title.removeprefix("By ").capitalize(), [plain(row.name, length=90) for row in rows]
        ),
        _number("Decisions", [row.decisions for row in rows]),
        _number("Judged", [row.on_appeal.whole for row in rows]),
        _share("Overturned", [row.on_appeal for row in rows], tip="Of judged appeals"),
        _number("Reviewed", [row.at_review.whole for row in rows]),
        _share("Contradicted", [row.at_review for row in rows], tip="By the second word"),
    ]
    if has_missed:
        columns += [
            _number("Sure", [row.missed.whole for row in rows]),
            _share("Missed", [row.missed for row in rows], tip="Sure cases judged wrongly"),
        ]
    return Table(title, f", {period}", _FEW, columns, title, most_rows=12)


@panel
def draw_approvers() -> None:
    """Who answers proposals, how fast, and whether they open what was proposed."""
    answers = open_casebook().approvals(viewer=viewer())
    if not answers:
        empty_state("No proposal was answered yet.", "Approvers answer what others propose.")
        return
    rows = approver_rows(answers)
    st.caption(f"Of the last {MOST_ANSWERS:,} answers to proposals; earlier ones do not count.")
    for row in rows:
        if row.is_listed:
            st.markdown(
                md_escape(
                    f"{plain(row.name)} answers faster than a proposal can be read: "
                    f"{row.hurried.said} of {row.hurried.whole:,} answers, others "
                    f"{row.others.said}."
                )
            )
    columns = [
        Column("Approver", [plain(row.name) for row in rows]),
        _number("Answers", [row.approved.whole for row in rows]),
        _share("Approved", [row.approved for row in rows]),
        _share("Hurried", [row.hurried for row in rows], tip=_HURRIED),
        _share("Not opened", [row.unopened for row in rows]),
        _share("Hurried, others", [row.others for row in rows]),
        Column(
            "Seconds",
            [_seconds(row.seconds.is_shown, row.seconds.value) for row in rows],
            [row.seconds.value for row in rows],
            width=84,
            is_number=True,
            tip="The middle one, from opening to the answer, where it was opened",
        ),
    ]
    period = _period([one.at for one in answers])
    board(
        [Table("Approvers", f", {period}", _FEW, columns, "Approvers", most_rows=14)],
        key="quality.approvers",
    )


_HURRIED = (
    f"Not opened at all, or answered within {LOOK_SECONDS:.0f} seconds and the time that its words "
    f"take at {60 * WORDS_A_SECOND:.0f} a minute"
)


def _seconds(is_shown: bool, value: float) -> str:
    return f"{value:,.0f} s" if is_shown else MISSING


@panel
def draw_fairness() -> None:
    """Whom wrong verdicts hit: what differs beyond chance first, then every band."""
    verdicts = _verdicts()
    if verdicts.is_empty():
        empty_state("No bad verdict is old enough.", "A verdict has 30 days to be put right.")
        return
    rows, few = fairness_rows(verdicts)
    worse = [row for row in rows if row.is_worse]
    with st.container(gap="xsmall"):
        for row in worse:
            st.markdown(f":material/balance: {md_escape(row.sentence)}")
        if not worse:
            st.markdown("No band has more wrong verdicts than the rest beyond chance.")
    columns = [
        Column("Of", [DIMENSIONS[row.dimension] for row in rows], width=136),
        Column("Band", [plain(row.band) for row in rows]),
        _number("n", [row.shares["is_overturned"].whole for row in rows]),
        *(
            _share(words.sentence_case(said), [row.shares[name] for row in rows], width=170)
            for name, said in MEASURES.items()
        ),
        Column(
            "Beyond chance",
            [row.direction for row in rows],
            width=124,
            tip="From the rest of its kind, at one rate of false discoveries of 5 % over all rows",
        ),
    ]
    days = verdicts["known_day"].sort().to_list()
    period = f", {verdicts.height:,} bad verdicts, {days[0]} to {days[-1]}"
    board(
        [
            Table(
                "Wrong verdicts", period, _few(few, "band"), columns, "Wrong verdicts", most_rows=18
            )
        ],
        key="quality.fairness",
    )


def _verdicts() -> pl.DataFrame:
    """Bad verdicts of the build, then those of the casebook."""
    parts = [pl.DataFrame(schema=VERDICTS)]
    with suppress(TableMissing):
        parts.append(read("pages/quality/bad_verdicts").select(list(VERDICTS)))
    parts.append(_of_casebook())
    return pl.concat(part.cast(pl.Schema(VERDICTS)) for part in parts)


def _of_casebook() -> pl.DataFrame:
    book, who = open_casebook(), viewer()
    made = book.standing_decisions(viewer=who)
    bad = [one for one in made if label_of(one) == "bad"]
    keys = sorted({one.entity_key for one in bad})
    traits, later = _by_key("traits", keys), _by_key("later_labels", keys)
    outcomes = book.appeal_results(viewer=who)
    contradicted = {
        one.first.decision_id
        for one in book.reviewed(viewer=who)
        if one.first and side_of(one.second.verdict) == "good"
    }
    rows = []
    for one in bad:
        own, word = traits.get(one.entity_key, {}), later.get(one.entity_key, {})
        is_overturned = outcomes.get(one.decision_id) == "OVERTURNED"
        day = one.data_day or one.decided_at.date()
        is_good = word.get("label") == "good" and word["known_day"] >= day
        rows.append(
            {
                "market": own.get("market"),
                "decided_by": "people, in this casebook",
                "known_day": day,
                "seller_age_days": own.get("seller_age_days"),
                "seller_orders": own.get("seller_orders"),
                "is_overturned": is_overturned,
                "is_found_good": is_overturned or is_good or one.decision_id in contradicted,
            }
        )
    return pl.DataFrame(rows, schema=VERDICTS)


def _by_key(name: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Rows of a query by subject; none where the build has not what it reads."""
    with suppress(TableMissing):
        return {
            row["entity_key"]: row for row in read(f"pages/quality/{name}", keys=keys).to_dicts()
        }
    return {}


def _number(label: str, values: Sequence[int]) -> Column:
    return Column(label, [f"{value:,}" for value in values], values, width=92, is_number=True)


def _share(label: str, shares: Sequence[Share], *, tip: str = "", width: int = 136) -> Column:
    values = [one.value if one.is_shown else None for one in shares]
    return Column(label, [one.said for one in shares], values, width=width, is_number=True, tip=tip)


def _few(count: int, noun: str) -> str:
    return f"{plural(count, noun)} in groups of fewer than {LEAST} not shown." if count else ""


def _period(instants: Sequence[datetime]) -> str:
    days = sorted(one.date() for one in instants)
    return f"{plural(len(days), 'case')}, {days[0]} to {days[-1]}"
