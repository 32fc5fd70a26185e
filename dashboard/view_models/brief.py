"""One page for whoever was not there: figures, what moved and why, who is behind it, definitions.

Made from the same figures and findings as the page and from nothing else, so that it is the same
to the byte whenever it is made again from the same data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.view_models.kpi_tiles import line_of, noise_of
from dashboard.view_models.measures import level, moved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import polars as pl

    from dashboard.view_models.kpi_tiles import Figure


MOST_FINDINGS = 6
"""What fits one printed page beside the figures; the page of the app has the others."""


@dataclass(frozen=True)
class BriefFigure:
    """A line of the table; `line` is a value a complete day, None where there is none."""

    label: str
    value: str
    before: str
    change: str
    noise: str
    tone: str
    line: tuple[float | None, ...]
    until: date


@dataclass(frozen=True)
class BriefFinding:
    """One thing that moved, why, who is behind it, and what is done about it."""

    sentence: str
    cause: str
    who: str
    doing: str
    tone: str


@dataclass(frozen=True)
class Definition:
    """What a figure is, and whose it is."""

    label: str
    text: str
    cohort: str
    owner: str


@dataclass(frozen=True)
class Brief:
    """The content of the page."""

    title: str
    days: str
    slice: str
    figures: tuple[BriefFigure, ...]
    findings: tuple[BriefFinding, ...]
    quiet: str
    """What is said where nothing stands out."""
    announced: tuple[str, ...]
    """What announced changes did, a sentence each; those that moved something."""
    definitions: tuple[Definition, ...]
    source: str
    """Which data and which release made it."""


def brief_figures(
    figures: Sequence[Figure],
    series: Mapping[str, pl.DataFrame],
    complete_until: Mapping[str, date],
) -> tuple[BriefFigure, ...]:
    """The table, in the order of `figures`; the mappings are by the metric's code."""
    return tuple(
        BriefFigure(
            label=one.kpi.label,
            value=level(one.value, one.kpi.unit),
            before=level(one.before, one.kpi.unit),
            change=moved(one.before, one.value, one.kpi.unit),
            noise=_noise(one),
            tone=one.tone,
            line=line_of(one, series[one.kpi.code], complete_until[one.kpi.code]),
            until=one.compared.now.until,
        )
        for one in figures
    )


def _noise(one: Figure) -> str:
    is_chance = one.margin is not None and abs(one.change or 0.0) <= one.margin
    return " ".join(part for part in (noise_of(one), "within chance" if is_chance else "") if part)


def definitions_of(figures: Sequence[Figure]) -> tuple[Definition, ...]:
    """The definitions of the figures, each once."""
    return tuple(
        Definition(one.kpi.label, one.kpi.definition, one.kpi.cohort, one.kpi.owner)
        for one in figures
    )
