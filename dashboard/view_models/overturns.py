"""What of somebody's decisions did not hold: on appeal, at a second look, beside a sure verdict."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.view_models.shares import Share, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dashboard.cases.records import Decision
    from dashboard.cases.reviews import Reviewed


@dataclass(frozen=True)
class OverturnRow:
    """One person, or one reason: each share of those that were looked at again."""

    name: str
    decisions: int
    on_appeal: Share
    """Of appeals that were judged, those that overturned."""
    at_review: Share
    """Of decisions that were reviewed a second time, those that the second word contradicts."""
    missed: Share
    """Of sure cases that this person reviewed, those on which the word was wrong."""

    @property
    def is_shown(self) -> bool:
        """Whether there is a share with enough cases behind it."""
        return any(one.is_shown for one in (self.on_appeal, self.at_review, self.missed))


def overturns_by_person(
    decisions: Sequence[Decision], outcomes: Mapping[str, str], reviews: Iterable[Reviewed]
) -> list[OverturnRow]:
    """A row for whoever decided or reviewed, most decisions first.

    `outcomes` of judged appeals by decision: UPHELD or OVERTURNED.
    """
    looks = list(reviews)
    missed: dict[str, list[bool]] = defaultdict(list)
    for one in looks:
        if one.first is None:
            missed[one.reviewer].append(not one.agrees)
    names = {one.decision_id: (one.decided_by,) for one in decisions}
    names |= {one.first.decision_id: (one.first.decided_by,) for one in looks if one.first}
    return _rows(decisions, names, outcomes, looks, missed)


def overturns_by_reason(
    decisions: Sequence[Decision], outcomes: Mapping[str, str], reviews: Iterable[Reviewed]
) -> list[OverturnRow]:
    """A row for each reason code, most decisions first; a decision has several."""
    looks = list(reviews)
    every = [*decisions, *(one.first for one in looks if one.first)]
    names = {one.decision_id: one.reason_codes for one in every}
    return _rows(decisions, names, outcomes, looks, {})


def _rows(
    decisions: Sequence[Decision],
    names: Mapping[str, Sequence[str]],
    outcomes: Mapping[str, str],
    looks: Sequence[Reviewed],
    missed: Mapping[str, Sequence[bool]],
) -> list[OverturnRow]:
    counts = Counter(name for one in decisions for name in names[one.decision_id])
    appealed: dict[str, list[bool]] = defaultdict(list)
    reviewed: dict[str, list[bool]] = defaultdict(list)
    for decision_id, outcome in outcomes.items():
        for name in names.get(decision_id, ()):
            appealed[name].append(outcome == "OVERTURNED")
    for one in looks:
        for name in names[one.first.decision_id] if one.first else ():
            reviewed[name].append(not one.agrees)
    every = {*counts, *appealed, *reviewed, *missed}
    rows = [
        OverturnRow(
            name,
            counts[name],
            *(_share(group.get(name, ())) for group in (appealed, reviewed, missed)),
        )
        for name in every
    ]
    return sorted(rows, key=lambda row: (-row.decisions, row.name))


def _share(values: Sequence[bool]) -> Share:
    return share(sum(values), len(values))
