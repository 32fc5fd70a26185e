"""What is assumed about everybody, labelled or not: how many are bad, how far verdicts err."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.settings.build import FLAWLESS

if TYPE_CHECKING:
    from pipeline.settings.build import ErrorSettings


@dataclass(frozen=True)
class Population:
    """The world that a labelled sample stands for."""

    rate: float
    """Share of bad entities."""
    errors: ErrorSettings = FLAWLESS
    """How often a verdict is right."""
