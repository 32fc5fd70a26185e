"""How far two reviewers agree beyond chance: Cohen's kappa and Gwet's AC1.

Both are shown, because kappa falls towards nought where nearly all cases are of one kind, however
often both say the same (Feinstein and Cicchetti 1990); AC1 does not (Gwet 2008). Variances are
those of Gwet, Handbook of Inter-Rater Reliability, 2014, 5.3: each case's part in the estimate.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.view_models.shares import LEAST, Z95, Share, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement, at most 1, with its 95 % interval; None = not defined."""

    value: float | None
    low: float
    high: float

    @property
    def said(self) -> str:
        """As in `0.71 (0.55 to 0.87)`."""
        if self.value is None:
            return text.MISSING
        value, low, high = (_signed(one) for one in (self.value, self.low, self.high))
        return f"{value} ({low} to {high})"


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "\u2212")


@dataclass(frozen=True)
class Agreement:
    """Of `observed.whole` cases that both judged."""

    observed: Share
    kappa: Coefficient
    ac1: Coefficient

    @property
    def is_shown(self) -> bool:
        """Whether there are enough cases to say it."""
        return self.observed.is_shown


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """How far the first and the second word of each case agree."""
    count = len(pairs)
    same = [one == other for one, other in pairs]
    observed = share(sum(same), count)
    if count < _LEAST_PAIRS:
        return Agreement(observed, _UNKNOWN, _UNKNOWN)
    firsts = _parts(one for one, _ in pairs)
    seconds = _parts(other for _, other in pairs)
    kinds = sorted(set(firsts) | set(seconds))
    return Agreement(
        observed,
        _kappa(pairs, same, firsts, seconds),
        _ac1(pairs, same, {kind: (firsts[kind] + seconds[kind]) / 2.0 for kind in kinds}),
    )


def _parts(values: Iterable[str]) -> Counter[str]:
    """The share of each kind."""
    counts = Counter(values)
    total = sum(counts.values())
    return Counter({kind: number / total for kind, number in counts.items()})


def _kappa(
    pairs: Sequence[tuple[str, str]],
    same: Sequence[bool],
    firsts: Mapping[str, float],
    seconds: Mapping[str, float],
) -> Coefficient:
    expected = sum(part * seconds[kind] for kind, part in firsts.items())
    own = [(seconds[one] + firsts[other]) / 2.0 for one, other in pairs]
    return _coefficient(same, expected, own)


def _ac1(
    pairs: Sequence[tuple[str, str]], same: Sequence[bool], parts: Mapping[str, float]
) -> Coefficient:
    kinds = len(parts)
    if kinds == 1:
        return _coefficient(same, 0.0, [0.0] * len(pairs))
    expected = sum(part * (1.0 - part) for part in parts.values()) / (kinds - 1)
    own = [(2.0 - parts[one] - parts[other]) / (2.0 * (kinds - 1)) for one, other in pairs]
    return _coefficient(same, expected, own)


def _coefficient(same: Sequence[bool], expected: float, own: Sequence[float]) -> Coefficient:
    """(observed - expected) / (1 - expected); `own` are the cases' parts in what is expected.

    Of few cases the parts vary less than they should, and not at all where all agree: the
    interval is never narrower than Wilson's of the observed share, with what is expected given.
    """
    count = len(same)
    observed = sum(same) / count
    if expected >= 1.0:
        return _UNKNOWN
    value = (observed - expected) / (1.0 - expected)
    parts = [
        (one - expected) / (1.0 - expected)
        - 2.0 * (1.0 - value) * (mine - expected) / (1.0 - expected)
        for one, mine in zip(same, own, strict=True)
    ]
    variance = sum((one - value) ** 2 for one in parts) / (count * (count - 1))
    reach = _student(count - 1) * math.sqrt(variance)
    ends = share(sum(same), count)
    low, high = ((end - expected) / (1.0 - expected) for end in (ends.low, ends.high))
    return Coefficient(
        value, max(min(value - reach, low), -1.0), min(max(value + reach, high), 1.0)
    )


_LEAST_PAIRS = 2
"""Of one case nothing varies."""
_UNKNOWN = Coefficient(None, -1.0, 1.0)


def _student(freedom: int) -> float:
    """The 97.5 % point of Student's law: Cornish and Fisher's series, 1 % off at 5 degrees."""
    z = Z95
    terms = (
        z,
        (z**3 + z) / (4.0 * freedom),
        (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * freedom**2),
        (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / (384.0 * freedom**3),
    )
    return sum(terms)


@dataclass(frozen=True)
class AgreementRow:
    """Agreement of one typology or pair of reviewers."""

    name: str
    agreement: Agreement


def agreement_rows(named: Iterable[tuple[str, tuple[str, str]]]) -> tuple[list[AgreementRow], int]:
    """A row for each name with enough cases, most cases first; how many cases others hold."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, pair in named:
        groups.setdefault(name, []).append(pair)
    made = [AgreementRow(name, agreement(pairs)) for name, pairs in groups.items()]
    shown = [row for row in made if row.agreement.is_shown]
    shown.sort(key=lambda row: (-row.agreement.observed.whole, row.name))
    hidden = sum(len(pairs) for pairs in groups.values() if len(pairs) < LEAST)
    return shown, hidden
