"""Twelve simulated analysts: three desks around the clock, each person with errors of their own.

People are not equally good, tire towards the end of a shift and are fooled more
often by honest look-alikes; a label is only as good as the person on duty.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sample_data.kit.randomness import Bools, Floats, Ints, Rng
from sample_data.kit.settings import HOUR

DESKS = 3  # Singapore, London, New York: one hands over to the next
SHIFT_HOURS = 8  # desk 0 works from 00 UTC, desk 1 from 08, desk 2 from 16
NOBODY = -1  # a bank, a carrier or a rule decided


@dataclass(frozen=True)
class Analyst:
    """How often a rested person gets a plain case right."""

    sensitivity: float  # bad ones called bad; docs/domain.md §3.3: 0.75-0.95
    specificity: float  # good ones called good; §3.3: 0.88-0.98


@dataclass(frozen=True)
class Fatigue:
    """What makes everybody worse; the results stay inside the ranges of §3.3."""

    tired_after_hours: float = 6.0  # assumption: of a shift of eight
    tired_sensitivity: float = 0.06  # assumption: lost when tired
    tired_specificity: float = 0.02  # assumption: lost when tired
    hard_negative_specificity: float = 0.03  # assumption: specificity lost on a hard negative
    least_sensitivity: float = 0.75  # §3.3
    least_specificity: float = 0.88  # §3.3


# Assumption: spread over the ranges of §3.3, four to a desk.
ANALYSTS: Final = (
    Analyst(0.95, 0.970),
    Analyst(0.90, 0.980),
    Analyst(0.86, 0.955),
    Analyst(0.81, 0.975),
    Analyst(0.93, 0.980),
    Analyst(0.89, 0.960),
    Analyst(0.87, 0.970),
    Analyst(0.84, 0.920),
    Analyst(0.94, 0.950),
    Analyst(0.91, 0.975),
    Analyst(0.88, 0.965),
    Analyst(0.83, 0.980),
)
FATIGUE = Fatigue()
SENSITIVITY: Floats = np.array([person.sensitivity for person in ANALYSTS])
SPECIFICITY: Floats = np.array([person.specificity for person in ANALYSTS])
PER_DESK = len(ANALYSTS) // DESKS


def on_duty(rng: Rng, at: Ints) -> Ints:
    """Who takes each case at instants `at`: position in `ANALYSTS`, shape of `at`."""
    desk = at // HOUR % 24 // SHIFT_HOURS
    return desk * PER_DESK + rng.integers(0, PER_DESK, len(at))


def is_late_in_shift(at: Ints) -> Bools:
    """Whether whoever is on duty at instants `at` is late in the shift."""
    into_shift = at % (SHIFT_HOURS * HOUR)  # shifts start at whole multiples of their length
    is_late: Bools = into_shift >= FATIGUE.tired_after_hours * HOUR
    return is_late


def calls_bad(rng: Rng, analyst: Ints, at: Ints, is_bad: Bools, is_hard: Bools) -> Bools:
    """The verdict of each case: True = bad. All arguments have one row per case."""
    is_late = is_late_in_shift(at)
    finds = SENSITIVITY[analyst] - FATIGUE.tired_sensitivity * is_late
    clears = (
        SPECIFICITY[analyst]
        - FATIGUE.tired_specificity * is_late
        - FATIGUE.hard_negative_specificity * is_hard
    )
    finds = np.maximum(finds, FATIGUE.least_sensitivity)
    clears = np.maximum(clears, FATIGUE.least_specificity)
    draw = rng.random(len(analyst))
    return np.where(is_bad, draw < finds, draw >= clears)
