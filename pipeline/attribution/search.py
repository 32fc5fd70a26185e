"""Which elements explain the shifts of the leaves: the best one, explained away, then the next.

An element's gain is that of a likelihood-ratio test: how much better one shift for all of its
leaves fits than none. It must exceed what the best of so many elements gains by chance and a
price for every dimension (Occam's). Then three questions, of which the papers' succinctness,
ripple effect and explaining away are special cases:

1. Do its leaves agree? If much fewer of them moved halfway than a common shift would have made,
   the gain is that of a part or of a crowd of parts: rejected, a part comes up by itself.
2. Do its siblings move too? Then the cause is what they share: the parent, as long as its
   leaves agree.
3. What is left? Its leaves go out of all sums, and the search repeats on the rest.

If the cause is the whole, the rest is compared with the whole's shift from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.attribution.cuboids import Sums, cuboids, fill

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.attribution.cuboids import Codes, Cuboid, Element, Space
    from pipeline.attribution.evidence import Evidence

LOGISTIC_TO_NORMAL = 1.702
"""Scale at which the logistic function is within .01 of the normal distribution."""


@dataclass(frozen=True)
class SearchSettings:
    """What counts as a cause."""

    most_dimensions: int = 3
    """A person can picture a slice of three, and no fourth was ever needed in the samples."""
    most_causes: int = 12
    least_gain: float = 6.0
    """Nats beyond the best of chance in its cuboid: e^-6 is one false cause in 400 of them."""
    dimension_price: float = 0.5
    """Nats for each dimension: of two that explain as much the shorter is said."""
    least_agreement: float = 0.4
    """Share of leaves that may be missing from those a common shift makes move halfway."""
    parent_agreement: float = 0.3
    """The same for a parent that takes the place of its part."""
    sibling_shift: float = 0.25
    """Of the element's own: siblings that moved by less did not move with it."""
    sibling_gain: float = 6.0
    """Nats that the siblings must gain for it."""
    common_share: float = 0.8
    """Of the evidence, in each dimension: values that must move with the whole for it to be it."""
    candidates: int = 6
    """Elements of each cuboid that are looked at closely each time."""


@dataclass(frozen=True, eq=False)
class Cause:
    """One element that explains the shift of its leaves."""

    element: Element
    gain: float
    """Nats beyond chance and price."""
    shift: float
    leaves: Codes
    """Places of the leaves it explains; no other cause has them."""


@dataclass(eq=False)
class Search:
    """The causes of one change; `causes` runs it."""

    space: Space
    evidence: Evidence
    settings: SearchSettings = field(default_factory=SearchSettings)
    runners_up: list[tuple[Element, float]] = field(default_factory=list)
    """The first round's best elements with their gains: what else might have been it."""
    common_shift: float = 0.0
    """Of the whole, if all of it moved."""

    def causes(self) -> list[Cause]:
        """Causes in the order in which they were explained away, none overlapping."""
        self._alive = self.evidence.precision > 0.0
        self._cuboids = cuboids(self.space, self.settings.most_dimensions)
        self._sum_up()
        found: list[Cause] = []
        while len(found) < self.settings.most_causes and (cause := self._next()):
            if cause.element.dimensions:
                found.append(cause)
                self._explain_away(cause)
            elif self.common_shift:
                break
            else:
                self._compare_with_whole(cause.shift)
        return found

    def _compare_with_whole(self, shift: float) -> None:
        """From now on, what has not been explained away is compared with the whole's shift."""
        self.common_shift = shift
        self.evidence = replace(
            self.evidence,
            shift=self.evidence.shift - shift,
            precision=np.where(self._alive, self.evidence.precision, 0.0),
        )
        self._sum_up()

    def _sum_up(self) -> None:
        fill(self._cuboids, self.space, self.evidence)
        self._prices = {
            key: np.log(max(int(np.count_nonzero(cuboid.sums.precision > 0.0)), 2))
            + self.settings.dimension_price * len(key)
            for key, cuboid in self._cuboids.items()
        }

    def _next(self) -> Cause | None:
        ranked = self._ranked()
        if not self.runners_up:
            self.runners_up = [(cuboid.element(cell), gain) for gain, cuboid, cell in ranked]
        for gain, cuboid, cell in ranked:
            if gain < self.settings.least_gain:
                return None
            if self._is_shared(cuboid, cell, self.settings.least_agreement):
                return self._cause(self._shared(cuboid.element(cell)))
        return None

    def _ranked(self) -> list[tuple[float, Cuboid, int]]:
        """The best elements of every cuboid, by gain."""
        best: list[tuple[float, Cuboid, int]] = []
        for key, cuboid in self._cuboids.items():
            gain = np.where(cuboid.is_element, cuboid.sums.gain - self._prices[key], -np.inf)
            gain[cuboid.sums.leaves < 0.5] = -np.inf  # noqa: PLR2004, what is left of a count of none
            few = min(self.settings.candidates, gain.size)
            places = np.argpartition(-gain, few - 1)[:few]
            best += [(float(gain[at]), cuboid, int(at)) for at in places if np.isfinite(gain[at])]
        # The same leaves under two names: the shorter name has the lower price.
        return sorted(best, key=lambda one: (-one[0], one[1].dimensions, one[2]))

    def _is_shared(self, cuboid: Cuboid, cell: int, tolerance: float) -> bool:
        """Whether the parts of the element moved as it did."""
        agrees = self._agrees(cuboid, cell, tolerance)
        return agrees and (bool(cuboid.dimensions) or self._is_common(_shift(cuboid.sums, cell)))

    def _is_common(self, shift: float) -> bool:
        """Whether nearly all values of every dimension moved halfway or more with the whole."""
        singles = [one.sums for key, one in self._cuboids.items() if len(key) == 1]
        shares = [
            one.precision[one.weighted * np.sign(shift) > one.precision * abs(shift) / 2.0].sum()
            / one.precision.sum()
            for one in singles
        ]
        return min(shares, default=0.0) >= self.settings.common_share

    def _agrees(self, cuboid: Cuboid, cell: int, tolerance: float) -> bool:
        """Whether about as many leaves moved halfway as would with the element's shift."""
        shift = _shift(cuboid.sums, cell)
        at = self._leaves(cuboid.element(cell))
        weights, half = self.evidence.precision[at], abs(shift) / 2.0
        moved = self.evidence.shift[at] * np.sign(shift) > half - self.evidence.grain[at]
        expected = 1.0 / (1.0 + np.exp(-LOGISTIC_TO_NORMAL * half * np.sqrt(weights)))
        return bool(((moved - expected) * weights).sum() >= -tolerance * weights.sum())

    def _shared(self, element: Element) -> Element:
        """The largest element around this one whose other parts move with it."""
        while parents := [one for one in element.parents if self._moves_with(element, one)]:
            gains = [float(self._rest(element, one).gain) for one in parents]
            element = parents[gains.index(max(gains))]
        return element

    def _moves_with(self, element: Element, parent: Element) -> bool:
        cuboid = self._cuboids[parent.dimensions]
        cell = cuboid.cell(parent)
        rest, shift = self._rest(element, parent), _shift(*self._at(element))
        if not cuboid.is_element[cell] or rest.gain < self.settings.sibling_gain:
            return False
        if (
            rest.weighted * np.sign(shift)
            < self.settings.sibling_shift * abs(shift) * rest.precision
        ):
            return False
        return self._is_shared(cuboid, cell, self.settings.parent_agreement)

    def _rest(self, element: Element, parent: Element) -> Sums:
        inner, outer = self._at(element), self._at(parent)
        parts = zip(outer[0], inner[0], strict=True)
        return Sums(*(whole[outer[1]] - part[inner[1]] for whole, part in parts))

    def _at(self, element: Element) -> tuple[Sums, int]:
        cuboid = self._cuboids[element.dimensions]
        return cuboid.sums, cuboid.cell(element)

    def _leaves(self, element: Element) -> NDArray[np.int64]:
        return np.flatnonzero(self._alive & self.space.leaves_of(element))

    def _cause(self, element: Element) -> Cause:
        sums, cell = self._at(element)
        gain = float(sums.gain[cell]) - self._prices[element.dimensions]
        return Cause(element, gain, _shift(sums, cell), self._leaves(element))

    def _explain_away(self, cause: Cause) -> None:
        self._alive[cause.leaves] = False
        for cuboid in self._cuboids.values():
            cuboid.remove(self.evidence, cause.leaves)


def _shift(sums: Sums, cell: int) -> float:
    return float(sums.weighted[cell] / max(float(sums.precision[cell]), np.finfo(float).tiny))
