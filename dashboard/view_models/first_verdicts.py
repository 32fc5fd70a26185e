"""What seeing the score changed: verdicts given before it beside those that were saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.cases.reviews import side_of
from dashboard.view_models.shares import Share, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.cases.attention import DecisionTime


@dataclass(frozen=True)
class FirstVerdictsView:
    """Of decisions whose score was hidden until a first verdict."""

    changed: Share
    to_bad: Share
    """Of those changed, how many became a finding against the subject."""
    right_first: Share
    """Of those that others judged later, how many first verdicts they bear out."""
    right_saved: Share
    right_changed: Share
    """Of those changed and judged by others later, how many changes they bear out."""


def first_verdicts(
    times: Sequence[DecisionTime], later: Mapping[str, tuple[str, date]]
) -> FirstVerdictsView:
    """`later` is what others said of a subject and since when: `bad` or `good`, by entity key."""
    own = [one for one in times if one.spent.first_verdict]
    changed = [one for one in own if _first(one) != side_of(one.verdict)]
    judged = [(one, label) for one in own if (label := _label(one, later))]
    return FirstVerdictsView(
        changed=share(len(changed), len(own)),
        to_bad=_share([side_of(one.verdict) == "bad" for one in changed]),
        right_first=_share([_first(one) == label for one, label in judged]),
        right_saved=_share([side_of(one.verdict) == label for one, label in judged]),
        right_changed=_share(
            [side_of(one.verdict) == label for one, label in judged if one in changed]
        ),
    )


def _first(one: DecisionTime) -> str:
    return side_of(one.spent.first_verdict or "")


def _label(one: DecisionTime, later: Mapping[str, tuple[str, date]]) -> str:
    """What others said after the day of the data that was decided on; empty = nothing."""
    label, day = later.get(one.entity_key, ("", None))
    return label if day and one.data_day and day >= one.data_day else ""


def _share(values: Sequence[bool]) -> Share:
    return share(sum(values), len(values))
