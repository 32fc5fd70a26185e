"""What a day has of analysts' time, so that a page can say how far one gets."""

from __future__ import annotations

import os

MINUTES_VARIABLE = "RINGFENCE_TEAM_MINUTES"
DEFAULT_MINUTES = 360.0


def minutes_of_day() -> float:
    """Analyst minutes of a day, from the environment; what is no number above 0 is the default."""
    try:
        minutes = float(os.environ.get(MINUTES_VARIABLE) or DEFAULT_MINUTES)
    except ValueError:
        return DEFAULT_MINUTES
    return minutes if 0 < minutes < float("inf") else DEFAULT_MINUTES
