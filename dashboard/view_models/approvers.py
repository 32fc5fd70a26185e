"""Who answers proposals without reading them: each approver beside the others.

An answer is hurried where nobody opened what was proposed, or where it came sooner than the
proposal itself can be read. Some hurried answers are honest (a case that was talked over, one
that was read the day before), so one is listed for being hurried more often than the others are
by more than chance, or in most answers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dashboard.view_models.shares import LEAST, Middle, Share, chance, middle, share
from pipeline.evaluation.false_discovery import false_discovery_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.cases.attention import Approval

WORDS_A_SECOND = 400 / 60
"""Nobody reads faster with sense: adults read 238 words a minute (Brysbaert 2019), the fastest
some 400."""
LOOK_SECONDS = 8.0
"""What one look at a panel of figures takes at least (assumption)."""
FALSE_DISCOVERIES = 0.05
"""Of those listed by comparison so many may be there by chance."""
MOST = 0.5


@dataclass(frozen=True)
class ApproverRow:
    """One approver, beside all the others together."""

    name: str
    approved: Share
    hurried: Share
    unopened: Share
    seconds: Middle
    """Of the answers before which somebody opened what was proposed."""
    others: Share
    """Hurried answers of all the others."""
    q: float
    """The rate of false discoveries at which the difference would be named."""
    is_listed: bool


def is_hurried(one: Approval) -> bool:
    """Whether an answer came without opening what was proposed, or sooner than it can be read."""
    if one.spent is None or not one.spent.panels:
        return True
    return one.spent.seconds < LOOK_SECONDS + one.words / WORDS_A_SECOND


def approver_rows(approvals: Sequence[Approval]) -> list[ApproverRow]:
    """A row for each, those listed first, then most answers first."""
    own: dict[str, list[Approval]] = defaultdict(list)
    for one in approvals:
        own[one.approver].append(one)
    hurried = {name: _share([is_hurried(one) for one in made]) for name, made in own.items()}
    part, whole = (sum(getattr(one, of) for one in hurried.values()) for of in ("part", "whole"))
    others = {n: share(part - one.part, whole - one.whole) for n, one in hurried.items()}
    names = list(own)
    asked = [len(own[name]) >= LEAST and others[name].whole >= LEAST for name in names]
    p = [
        chance(hurried[name], others[name]) if is_asked else float("nan")
        for name, is_asked in zip(names, asked, strict=True)
    ]
    q = dict(zip(names, false_discovery_rates(np.array(p, dtype=np.float64)), strict=True))
    rows = [
        ApproverRow(
            name,
            _share([one.is_approved for one in own[name]]),
            hurried[name],
            _share([one.spent is None or not one.spent.panels for one in own[name]]),
            middle([one.spent.seconds for one in own[name] if one.spent and one.spent.panels]),
            others[name],
            float(q[name]),
            _is_listed(hurried[name], others[name], float(q[name])),
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: (not row.is_listed, -row.approved.whole, row.name))


def _is_listed(own: Share, others: Share, q: float) -> bool:
    if not own.is_shown:
        return False
    is_more = q <= FALSE_DISCOVERIES and (own.value or 0.0) > (others.value or 0.0)
    return is_more or own.low > MOST


def _share(values: Sequence[bool]) -> Share:
    return share(sum(values), len(values))
