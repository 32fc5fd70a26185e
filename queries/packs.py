"""Typology packs: everything Ringfence knows about one kind of risk, as data.

A pack is a file so that a new scenario needs no core edit: dropping it in adds
its signals, words and playbook everywhere, deleting it removes them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from queries import ROOT, QueryError
from queries.catalogue import ENTITY_TYPES

if TYPE_CHECKING:
    from pathlib import Path

_KEYS: dict[str, type] = {
    "code": str,
    "title": str,
    "summary": str,
    "entity_types": list,
    "signals": list,
    "clears": list,
    "playbook": list,
    "policy_clause": str,
    "actions": list,
    "reason_codes": dict,
    "recoverable_share": float,
    "review_minutes": float,
    "loss_share": dict,
    "horizon_days": int,
}


@dataclass(frozen=True)
class Signal:
    """One named predicate over the features of one entity type."""

    code: str
    entity_type: str
    predicate: str
    severity: float
    text: str


@dataclass(frozen=True)
class Pack:
    """One risk scenario."""

    code: str
    title: str
    summary: str
    entity_types: tuple[str, ...]
    signals: tuple[Signal, ...]
    clears: tuple[str, ...]
    playbook: tuple[str, ...]
    policy_clause: str
    actions: tuple[str, ...]
    reason_codes: dict[str, str]
    recoverable_share: float
    """Share of the forward loss that an action today can still save (0..1)."""
    loss_share: dict[str, float]
    """Share of a subject's money flow that is lost, by entity type (assumption)."""
    review_minutes: float
    """Analyst minutes one case of this kind takes."""
    horizon_days: int
    """Days until the money leaves the platform's reach."""


@cache
def packs() -> dict[str, Pack]:
    """Every pack under `typologies/`, by code, in file order."""
    loaded = [_pack(path) for path in sorted((ROOT / "typologies").glob("*.toml"))]
    return {pack.code: pack for pack in loaded}


def _pack(path: Path) -> Pack:
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise QueryError(f"{path} is not TOML: {error}. Mend or delete the pack.") from error
    for key, kind in _KEYS.items():
        if not isinstance(entry.get(key), kind):
            raise QueryError(
                f"{path}: key {key!r} is {entry.get(key)!r}, expected a {kind.__name__}. "
                "Mend or delete the pack."
            )
    return Pack(
        **{key: _frozen(entry[key]) for key in _KEYS if key != "signals"},
        signals=tuple(_signal(path, signal) for signal in entry["signals"]),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _signal(path: Path, entry: dict[str, Any]) -> Signal:
    try:
        signal = Signal(**entry)
    except TypeError as error:
        raise QueryError(
            f"{path}: signal {entry.get('code')!r}: {error}. A signal has code, entity_type, "
            "predicate, severity and text."
        ) from error
    if signal.entity_type not in ENTITY_TYPES or not 0 < signal.severity <= 1:
        raise QueryError(
            f"{path}: signal {signal.code!r} has entity_type {signal.entity_type!r} and severity "
            f"{signal.severity!r}; expected one of {ENTITY_TYPES} and a number above 0, at most 1."
        )
    return signal
