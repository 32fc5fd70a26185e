"""What the queue can be narrowed by: each choice in words, with the cases it would list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard import text, theme
from dashboard.cases.states import CaseState
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

Counts = dict[tuple[str, str], int]
ANY = "any"
RING = "ring"
KINDS = {
    RING: "Rings",
    "merchant": "Merchants",
    "creator": "Creators",
    "product": "Listings",
    "buyer": "Buyers",
    "live_session": "Live rooms",
}
"""What the queue shows in one click: rings, or the cases that hold such a subject."""
LEAST_DAYS = (7, 14, 30)
LEAST_USD = (100, 1_000, 10_000)
"""Steps of the queue's filters by age and by money."""
LANES = {
    "score": "Score",
    "signals": "Signals",
    "unproven": "Unproven",
    "ended": "Ended",
}
"""What the queue can be narrowed to; the ended are apart from the day's work."""


@dataclass(frozen=True)
class Facet:
    """One filter: its name in the address, and its choices in words with their counts."""

    name: str
    label: str
    choices: dict[str, str]
    value: str
    """What is chosen; empty = nothing."""


def counts_of(choices: pl.DataFrame) -> Counts:
    """Cases by dimension and choice; rows of `pages/queue/choices`."""
    return {(dimension, choice): count for dimension, choice, count in choices.iter_rows()}


def views_of(counts: Counts, kind: str) -> dict[str, str]:
    """The one-click views with their counts; an empty one only if it is open."""
    own = {one: counts.get(("kind", one), 0) for one in KINDS}
    shown = {one: count for one, count in own.items() if count or one == kind}
    return {"": f"All {counts.get(('kind', ANY), 0):,}"} | {
        kind: f"{KINDS[kind]} {n:,}" for kind, n in shown.items()
    }


def facets(counts: Counts, values: Mapping[str, str]) -> tuple[Facet, ...]:
    """Every filter that has something to choose, in the order of their worth.

    `values` is what is chosen, by name; empty = nothing.
    """
    every = tuple(_facet(counts, values.get(name, ""), name, label) for name, label in FACETS)
    return tuple(one for one in every if one.choices)


def named_only(counts: Counts, name: str, value: str) -> tuple[Facet, ...]:
    """One filter without its counts, for a list that they are not counted in."""
    every = facets(counts, {name: value})
    return tuple(
        replace(one, choices={choice: _WORDS[name](choice) for choice in one.choices})
        for one in every
        if one.name == name
    )


def chosen(all_of_them: tuple[Facet, ...]) -> dict[str, str]:
    """What is chosen, in words, by the name in the address."""
    return {
        one.name: f"{one.label}: {_WORDS[one.name](one.value)}" for one in all_of_them if one.value
    }


def filters_said(filters: object) -> str:
    """What is chosen in one line, as in "Buyers, Typology: Refund abuse"; empty = nothing."""
    values = {name: str(getattr(filters, name) or "") for name in ("entity_type", "search")}
    said = [KINDS[values["entity_type"]]] if values["entity_type"] else []
    for name, label in FACETS:
        value = str(getattr(filters, name) or "")
        said += [f"{label}: {_WORDS[name](value)}"] if value not in ("", "0") else []
    said += [f"name or id with {text.plain(values['search'])}"] if values["search"] else []
    return ", ".join(said)


def _facet(counts: Counts, value: str, name: str, label: str) -> Facet:
    own = {choice: n for (dimension, choice), n in counts.items() if dimension == name}
    if value:
        own.setdefault(value, 0)
    in_order = sorted(own, key=lambda choice: _place(name, choice, own[choice]))
    shown = {choice: f"{_WORDS[name](choice)} {own[choice]:,}" for choice in in_order}
    return Facet(name, label, shown, value)


def _place(name: str, choice: str, count: int) -> tuple[int, str]:
    """Steps and bands in their own order, everything else by how many it lists."""
    if name in _IN_ORDER:
        return (_IN_ORDER[name].index(choice) if choice in _IN_ORDER[name] else 99), choice
    return -count, choice


def _named(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: labels.get(code, code)


FACETS = (
    ("typology", "Typology"),
    ("market", "Market"),
    ("band", "Band"),
    ("usd", "Money and harm"),
    ("days", "Waiting"),
    ("state", "State"),
    ("assignee", "Assignee"),
    ("lane", "Found by"),
)
_STATES = {state.value: words.STATE_LABELS[state] for state in CaseState}
_WORDS: dict[str, Callable[[str], str]] = {
    "typology": words.typology_title,
    "market": text.plain,
    "band": _named(theme.BAND_LABELS),
    "usd": lambda usd: f"from {text.money(float(usd))}",
    "days": lambda days: f"{days} days or more",
    "state": _named(_STATES),
    "assignee": lambda name: text.plain(name, length=24),
    "lane": _named(LANES),
}
_IN_ORDER = {
    "band": list(theme.BAND_LABELS),
    "usd": [str(step) for step in LEAST_USD],
    "days": [str(step) for step in LEAST_DAYS],
    "state": list(_STATES),
}
