"""Where judged entities would stand under a model that knows nothing of their verdict.

Nobody is placed by a model that knew its verdict or what was only later found of a ring mate; the
later verdicts are placed by an earlier model, which is what a build of its day would have learnt:
docs/decisions/0031-the-earlier-model.md, docs/decisions/0032-folds-of-rings.md. What becomes of the
places: `pipeline.evaluation.population_curve`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.learning.model import margins
from pipeline.orchestration.worker import in_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    from pipeline.learning.labels import Training
    from pipeline.learning.model import Trainer, TrainingBins
    from pipeline.settings.models import ModelSettings

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    Mask: TypeAlias = NDArray[np.bool_]
    Past: TypeAlias = Callable[[date], Training]
    """What a build of an earlier day would have learnt from."""

LATER, CROSS_FITTED = "later period", "cross-fitted"
"""Whether a model judged verdicts that came after all it had learnt from."""


@dataclass(frozen=True, eq=False)
class Reference:
    """What held-out models are held against."""

    past: Past
    present: FloatArray
    """(entities, features) of those of today whom nobody has judged."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Every labelled entity as seen by models that did not know it or its ring."""

    is_bad: FloatArray
    """(entities,)"""
    place: FloatArray
    """(rows,) of each training row: share of the unjudged of today that the same model puts at
    or above it. Rows of later verdicts are placed by the earlier model."""
    is_later: Mask
    """(entities,) whose verdict came after those that taught; nobody where cross-fitted."""

    @property
    def source(self) -> str:
        """`LATER` where an earlier model placed the later ones, else `CROSS_FITTED`."""
        return LATER if self.is_later.any() else CROSS_FITTED


def held_out(
    trainer: Trainer, training: Training, reference: Reference, settings: ModelSettings
) -> HeldOut:
    """Where every labelled entity would stand without its own verdict.

    All rows of a ring fall into one fold, which the model that places them has not seen; once
    a mate had been found, only those of the entity itself (`mates_known`).
    """
    judged, present = training.judged(), reference.present
    bins, splits = trainer.bins(training), [folds(training, settings.folds)]
    if training.ring.size:
        splits.append(folds(replace(training, ring=training.ring[:0]), settings.folds))
    place, *with_mates = _held_out_places(bins, training, splits, present)
    if with_mates:
        place = np.where(mates_known(training), with_mates[0], place)
    later = is_later(judged, settings)
    earlier = _earlier(judged, later, reference.past) if later.any() else None
    if earlier is None or not _is_enough(earlier.judged().is_bad, settings):
        return HeldOut(judged.is_bad, place, np.zeros_like(later))
    own = np.repeat(later, _row_counts(training))
    model = trainer.bins(earlier).model()
    place[own] = share_above(model.margin(present), model.margin(training.matrix[own]))
    return HeldOut(judged.is_bad, place, later)


def _held_out_places(
    bins: TrainingBins, training: Training, splits: Sequence[IntArray], present: FloatArray
) -> list[FloatArray]:
    """Per split into folds (rows,): the place of each row under the model without its fold."""
    counts = _row_counts(training)
    held_back = [
        (number, np.repeat(fold, counts) == part)
        for number, fold in enumerate(splits)
        for part in range(int(fold.max(initial=-1)) + 1)
    ]
    models = in_pairs(lambda one: bins.model(training.where(~one[1])), held_back)
    place = [np.ones(int(counts.sum())) for _ in splits]
    everybody = margins(models, present)
    for (number, out), model, margin in zip(held_back, models, everybody, strict=True):
        place[number][out] = share_above(margin, model.margin(training.matrix[out]))
    return place


def mates_known(training: Training) -> Mask:
    """(rows,) on that day somebody else of the ring had already been found to be bad.

    Then a build of that day had learnt from the mate, as the model in use has from the mates of
    those it scores today: leaving the whole ring out would make it look blinder than it is.
    """
    bad = training.last[training.is_bad[training.last] > 0]
    finds: dict[int, list[tuple[np.datetime64, int]]] = {}
    for place in bad[np.argsort(training.known_at[bad], kind="stable")]:
        finds.setdefault(int(training.ring[place]), []).append((training.known_at[place], place))
    owner = np.repeat(training.last, _row_counts(training))
    first = np.full(owner.size, np.datetime64("9999-12-31", "us"))
    for row, (ring, last) in enumerate(zip(training.ring, owner, strict=True)):
        others = (at for at, place in finds.get(int(ring), [])[:2] if place != last)
        first[row] = next(others, first[row])
    return np.asarray(first < training.day.astype("datetime64[us]"))


def share_above(everybody: FloatArray, margin: FloatArray) -> FloatArray:
    """(rows,) share of `everybody` with this margin or a higher one."""
    below = np.searchsorted(np.sort(everybody), margin, side="left")
    return np.asarray(1.0 - below / max(everybody.size, 1))


def _earlier(judged: Training, later: Mask, past: Past) -> Training:
    """What taught before the first of the later verdicts, without a word on whom they judge."""
    training = past(judged.known_at[later].min().astype("datetime64[D]").item())
    own = np.isin(training.entity_id.astype(str), judged.entity_id[later].astype(str))
    return training.rows(np.flatnonzero(~own))


def is_later(judged: Training, settings: ModelSettings) -> Mask:
    """(entities,) known from the day on that leaves `later_share` of the bad ones; or nobody.

    Nobody when either side of that day would hold too few to learn or to calibrate from.
    """
    bad = judged.is_bad > 0
    days = np.sort(judged.known_at[bad])
    nobody = np.zeros(bad.size, dtype=np.bool_)
    if days.size == 0:
        return nobody
    later: Mask = judged.known_at >= days[int((1.0 - settings.later_share) * days.size)]
    sides = (judged.is_bad[later], judged.is_bad[~later])
    return later if all(_is_enough(side, settings) for side in sides) else nobody


def _is_enough(is_bad: FloatArray, settings: ModelSettings) -> bool:
    bad = is_bad > 0
    return bool(bad.sum() >= settings.later_bad and (~bad).sum() >= settings.later_good)


def _row_counts(training: Training) -> IntArray:
    return np.diff(training.last, prepend=-1)


def folds(training: Training, count: int) -> IntArray:
    """Fold of each entity: ring by ring, those with the most bad first, to whoever has least.

    First in bad entities, then in good ones; among equal rings a hash decides the order.
    """
    judged = training.judged()
    size = judged.entity_id.size
    ring = judged.ring if judged.ring.size else np.arange(size)
    _, first, ring = np.unique(ring, return_index=True, return_inverse=True)
    bad = np.bincount(ring, weights=judged.is_bad)
    good = np.bincount(ring, weights=1.0 - judged.is_bad)
    names = [hashlib.blake2b(str(name).encode()).hexdigest() for name in judged.entity_id[first]]
    of_ring, held = np.zeros(first.size, dtype=np.int64), np.zeros((2, count))
    for one in sorted(range(first.size), key=lambda n: (-bad[n], -good[n], names[n])):
        fewest = (held[1], held[0]) if bad[one] else (held[0], held[1])
        of_ring[one] = int(np.lexsort(fewest)[0])
        held[:, of_ring[one]] += bad[one], good[one]
    return of_ring[ring]
