"""Which action the policy suggests: what the pack allows, how severe it is, what was tried before.

A suggestion with its reason, never chosen for anybody. It only ever grows with the band, with the
money and with what was already done in vain: docs/decisions/0136-effects-and-the-outbox.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.view_models import words
from dashboard.view_models.decide import actions_for
from queries.vocabulary import ENFORCEMENT_LADDER, MONITOR, NEUTRAL_ACTIONS, SCORE_BANDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

STAKES_USD = (100.0, 1_000.0, 10_000.0)
"""USD at risk from which an action is a step more severe (assumption)."""
_BANDS: dict[str | None, int] = {
    None: 0,
    **{band: step for step, band in enumerate(reversed(SCORE_BANDS))},
}
_MOST = max(_BANDS.values()) + len(STAKES_USD)


@dataclass(frozen=True)
class Situation:
    """What a suggestion rests on. `stake_usd` is what can still be lost, and harm, USD."""

    typology: str
    entity_type: str
    band: str | None
    stake_usd: float
    earlier: tuple[str, ...] = ()
    """Actions that were taken on the subject before and not taken back."""


@dataclass(frozen=True)
class Recommendation:
    """One action, and why in a clause."""

    action: str
    because: str

    @property
    def sentence(self) -> str:
        """As it is shown."""
        return f"Recommended: {words.sentence_case(self.action).lower()}, because {self.because}."


def recommend(case: Situation) -> Recommendation | None:
    """The action for a situation, of those the pack allows for such a subject; None = no pack.

    Mild to severe are as many steps as the pack has; band and money say how far up, and whoever
    was acted on before is a rung above what did not help.
    """
    if case.typology not in words.known_packs():
        return None
    rungs = _rungs(actions_for(case.typology, case.entity_type))
    if words.is_victim(case.typology):
        return Recommendation(rungs[-1], "who holds the account is the victim")
    weight = _BANDS[case.band] + sum(case.stake_usd >= limit for limit in STAKES_USD)
    place = (2 * weight * (len(rungs) - 1) + _MOST) // (2 * _MOST)  # to the nearest rung
    climbed = max((_above(rungs, one) for one in case.earlier), default=0)
    return Recommendation(rungs[max(place, climbed)], _because(case, is_repeat=climbed > place))


def worst_band(bands: Collection[str | None]) -> str | None:
    """The highest of several bands; None where nobody has one."""
    return max(bands, key=_BANDS.__getitem__, default=None)


def _rungs(offered: Sequence[str]) -> tuple[str, ...]:
    """To watch, then the ladder's rungs that are offered; of a victim what protects it."""
    ladder = tuple(one for one in ENFORCEMENT_LADDER if one in offered)
    if ladder:
        return (MONITOR, *ladder)
    protects = tuple(one for one in reversed(offered) if one in NEUTRAL_ACTIONS[2:])
    return (MONITOR, *protects)


def _above(rungs: Sequence[str], tried: str) -> int:
    """The first rung above an action that was tried, the last one where there is none above."""
    if tried not in ENFORCEMENT_LADDER:
        return 0
    height = ENFORCEMENT_LADDER.index(tried)
    higher = [
        place
        for place, one in enumerate(rungs)
        if one in ENFORCEMENT_LADDER and ENFORCEMENT_LADDER.index(one) > height
    ]
    return higher[0] if higher else len(rungs) - 1


def _because(case: Situation, *, is_repeat: bool) -> str:
    band = {"CRIT": "critical", "HIGH": "high", "MED": "medium", "LOW": "low"}.get(case.band or "")
    parts = [f"the score is {band}" if band else "it has no score"]
    if case.stake_usd >= 1:
        parts.append(f"{text.money(case.stake_usd)} is at stake")
    if is_repeat:
        tried = words.sentence_case(_worst(case.earlier)).lower()
        parts.append(f"{tried} was tried before")
    return text.joined(parts)


def _worst(earlier: Sequence[str]) -> str:
    return max(earlier, key=lambda one: ENFORCEMENT_LADDER.index(one) if one in ENFORCEMENT_LADDER
               else -1)  # fmt: skip
