"""Second reviews: what is drawn, what the reviewer is handed, and what came of it.

A reviewer is handed the subject and nothing of what was decided about it, nor whether anybody
decided at all: a case with a sure verdict looks the same.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dashboard.cases.keyed import Keyed
from dashboard.cases.measures import measures
from dashboard.cases.states import ADVERSE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from dashboard.cases.records import Decision

NEW_REVIEWER = 20
"""Whoever has taken fewer decisions is new (assumption)."""
EXTRA = 3.0
"""So many times the share is drawn of what is severe, and of new reviewers (assumption)."""
SEEDED = 5
"""One case with a sure verdict comes with so many that were drawn (assumption)."""


@dataclass(frozen=True)
class Sample:
    """What to draw: a share 0..1 of each stratum, by a seed that draws the same again."""

    share: float
    seed: int


@dataclass(frozen=True)
class SureCase(Keyed):
    """A subject whose verdict is beyond doubt."""

    entity_type: str
    entity_id: str
    verdict: str


@dataclass(frozen=True)
class ReviewTask(Keyed):
    """What a reviewer is handed."""

    task_id: str
    entity_type: str
    entity_id: str
    snapshot_id: str | None = None


@dataclass(frozen=True)
class SecondVerdict:
    """What a reviewer says."""

    task_id: str
    verdict: str
    note: str = ""
    typology: str = ""


@dataclass(frozen=True)
class Reviewed:
    """A task that was answered, both words side by side.

    `first` is the decision that was drawn; None = a case with a sure verdict, which is
    `first_verdict` then.
    """

    task: ReviewTask
    first_verdict: str
    second: SecondVerdict
    reviewer: str
    reviewed_at: datetime
    first: Decision | None = None
    is_reopened: bool = False
    """Whether somebody decided about the subject again since."""

    @property
    def agrees(self) -> bool:
        """Whether both say the same of the subject."""
        return side_of(self.first_verdict) == side_of(self.second.verdict)


def side_of(verdict: str) -> str:
    """What a verdict says of the subject: `bad`, `good` or `open`."""
    if verdict in ADVERSE:
        return "bad"
    return "open" if verdict == "INCONCLUSIVE" else "good"


def drawn(
    decisions: Sequence[Decision], markets: Mapping[str, str], sample: Sample
) -> list[Decision]:
    """Some of `decisions`, at least one of each stratum: who decided, how, and in which market.

    Within a stratum what is severe, or of somebody new, is likelier by `EXTRA` (Efraimidis and
    Spirakis 2006); the same decisions and seed draw the same. `markets` by entity key.
    """
    counts: dict[str, int] = defaultdict(int)
    strata: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
    for one in decisions:
        counts[one.decided_by.casefold()] += 1
        market = markets.get(one.entity_key, "")
        strata[one.decided_by.casefold(), one.verdict, market].append(one)
    chosen: list[Decision] = []
    for members in strata.values():
        weights = {one.decision_id: _weight(one, counts) for one in members}
        size = min(math.ceil(sample.share * sum(weights.values())), len(members))
        order = sorted(members, key=lambda one: -_key(sample, one, weights[one.decision_id]))
        chosen += order[:size]
    return shuffled(chosen, sample, [one.decision_id for one in chosen])


_Each = TypeVar("_Each")


def shuffled(values: Sequence[_Each], sample: Sample, names: Sequence[str]) -> list[_Each]:
    """`values` in an order that says nothing of what they are; `names` tell them apart."""
    order = sorted(range(len(values)), key=lambda number: hash_of(sample.seed, names[number]))
    return [values[number] for number in order]


def sure_ones(
    cases: Sequence[SureCase], taken: Collection[str], count: int, sample: Sample
) -> list[SureCase]:
    """So many sure cases, half of each verdict as far as there are; `taken` keys are left out."""
    left = [one for one in cases if one.entity_key not in taken]
    by_verdict: dict[str, list[SureCase]] = defaultdict(list)
    for one in sorted(left, key=lambda one: hash_of(sample.seed, one.entity_type + one.entity_id)):
        by_verdict[one.verdict].append(one)
    rows = [one for group in zip(*_padded(by_verdict), strict=True) for one in group]
    return [one for one in rows if one is not None][:count]


def _padded(groups: Mapping[str, Sequence[SureCase]]) -> list[list[SureCase | None]]:
    longest = max((len(group) for group in groups.values()), default=0)
    return [[*groups[name], *[None] * (longest - len(groups[name]))] for name in sorted(groups)]


def _weight(decision: Decision, counts: Mapping[str, int]) -> float:
    measure = measures().get(decision.action)
    severe = measure is not None and measure.is_severest
    new = counts[decision.decided_by.casefold()] < NEW_REVIEWER
    return EXTRA if severe or new else 1.0


def _key(sample: Sample, decision: Decision, weight: float) -> float:
    return math.log(hash_of(sample.seed, decision.decision_id)) / weight


def hash_of(seed: int | str, name: str) -> float:
    """A number above 0 and at most 1 that a seed and a name always have."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return (int.from_bytes(digest[:7], "big") + 1) / 2**56
