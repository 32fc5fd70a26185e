"""Which signals of the packs are asked as events arrive: those that read short windows alone.

Nobody keeps a list of them. How long a window a feature has is said where its evidence is said
(`queries/evidence/*.toml`), and what it rests on is read from the SQL (`queries.lineage`): what
compares texts or groups of everybody, or is fitted in Python, is made by a build only.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import queries
from pipeline.orchestration.stages import PYTHON_READS
from queries.catalogue import features
from queries.lineage import lineage
from queries.predicates import predicate_columns, predicate_lacks
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queries.packs import Pack, Signal

_COMPARISONS = "similarity"
"""Schema whose tables compare everybody with everybody."""


def live_packs(packs: Iterable[Pack], longest_days: int) -> list[Pack]:
    """The packs with those of their signals that are asked; a pack without one is left out."""
    kept = [
        pack.model_copy(
            update={"signals": tuple(one for one in pack.signals if is_live(one, longest_days))}
        )
        for pack in packs
    ]
    return [pack for pack in kept if pack.signals]


def is_live(signal: Signal, longest_days: int) -> bool:
    """Whether every feature of a signal has a window of at most `longest_days`, made here."""
    catalogue = features(signal.entity_type)
    columns = predicate_columns(signal.entity_type, signal.predicate)
    windows = [catalogue[name].days if name in catalogue else 0 for name in columns]
    if not all(0 < days <= longest_days for days in windows):
        return False
    return not predicate_lacks(signal.entity_type, signal.predicate, _unknown(signal.entity_type))


@cache
def only_built() -> frozenset[str]:
    """Tables that the live lane leaves empty."""
    compared = (name.replace("/", ".") for name in queries.names(f"{_COMPARISONS}/"))
    python = (step.replace("/", ".") for step in PYTHON_READS if "/" in step)
    return frozenset((*compared, *python))


@cache
def needed_tables(entity_types: frozenset[str]) -> frozenset[str]:
    """Tables between staging and the features of these types, those left empty among them."""
    needed: set[str] = set()
    waiting = [f"features.{one}" for one in ENTITY_TYPES if one in entity_types]
    while waiting:
        table = waiting.pop()
        if table in needed or table.startswith("staging."):
            continue
        needed.add(table)
        if table not in only_built():
            waiting += queries.reads(table.replace(".", "/"))
    return frozenset(needed)


def _unknown(entity_type: str) -> dict[str, frozenset[str]]:
    return lineage(only_built()).unknown(f"features.{entity_type}")
