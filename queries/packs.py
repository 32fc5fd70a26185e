"""Typology packs: everything Ringfence knows about one kind of risk, as data.

A pack is a file so that a new scenario needs no core edit: dropping it in adds
its signals, words, playbook and prices everywhere, deleting it removes them. What
a file may hold is said once, in `queries.pack_rules`; a built database carries the
packs it was built with, so that pages never speak of others.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queries import ROOT
from queries.pack_rules import PackRefused, check_entry, check_predicates

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FOLDER",
    "Loss",
    "Pack",
    "PackRefused",
    "Reason",
    "Signal",
    "Step",
    "folder_of",
    "from_json",
    "packs",
    "to_json",
]

FOLDER = ROOT / "typologies"
"""Packs of the house."""
_VARIABLE = "RINGFENCE_PACKS"
"""Environment variable that names another folder of packs."""


@dataclass(frozen=True)
class Signal:
    """One named predicate over the features of one entity type."""

    code: str
    entity_type: str
    predicate: str
    severity: float
    text: str
    reason: str = ""
    """Reason code that it raises."""


@dataclass(frozen=True)
class Reason:
    """One reason code in the words of each who reads it."""

    analyst: str
    manager: str
    subject: str
    """For the account it concerns: plain words, nothing of how it was found or of others."""


@dataclass(frozen=True)
class Step:
    """One step of the playbook."""

    step: str
    is_mandatory: bool
    """Whether an action needs its evidence."""
    evidence: str
    """What counts as evidence that it was done."""


@dataclass(frozen=True)
class Loss:
    """One money flow that a subject of this kind takes from, and who bears it."""

    entity_type: str
    flow: str
    """Column of alerts.exposures: USD a day."""
    share: float
    """Share of that flow that is lost (0..1)."""
    bearer: str


@dataclass(frozen=True)
class Pack:
    """One risk scenario."""

    code: str
    title: str
    summary: str
    entity_types: tuple[str, ...]
    signals: tuple[Signal, ...]
    reason_codes: dict[str, Reason]
    clears: tuple[str, ...]
    """Facts that would clear a subject."""
    playbook: tuple[Step, ...]
    policy_clause: str
    actions: tuple[str, ...]
    """Proportionate actions, from the list in `queries.vocabulary`."""
    losses: tuple[Loss, ...]
    recoverable_share: float
    """Share of the forward loss that an action today can still save (0..1)."""
    review_minutes: float
    """Analyst minutes one case of this kind takes."""
    horizon_days: float
    """Days until the money leaves, where no payout date is known; never more than these."""
    label_delay_days: float
    """Median days from the behaviour to a verdict (DOMAIN 3.3): so long its labels wait."""
    harm_minutes: float
    """Harm beyond money, in analyst minutes that preventing one such case is worth."""
    sensitivity: float | None = None
    """Share of bad subjects a review of this kind finds; None = as the settings say."""
    specificity: float | None = None
    """Share of good subjects it clears; None = as the settings say."""


def folder_of(chosen: str = "") -> Path:
    """The folder of packs: `chosen`, else $RINGFENCE_PACKS, else the packs of the house."""
    named = chosen or os.environ.get(_VARIABLE, "")
    return Path(named) if named else FOLDER


def packs(folder: Path | None = None) -> dict[str, Pack]:
    """Every pack of a folder (default: see `folder_of`), by code, in file order.

    Raises PackRefused, naming file, key and remedy, for the first thing that is wrong.
    """
    return dict(_packs(folder or folder_of()))


@cache
def _packs(folder: Path) -> dict[str, Pack]:
    if not folder.is_dir():
        raise PackRefused(
            str(folder), "", "there is no such folder", "a folder of TOML packs",
            "Name one by RINGFENCE_PACKS, or unset it for the packs of the house",
        )  # fmt: skip
    found = {path.name: _pack(path) for path in sorted(folder.glob("*.toml"))}
    _refuse_doubles(folder, found)
    return {pack.code: pack for pack in found.values()}


def _pack(path: Path) -> Pack:
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackRefused(path.name, "", f"not TOML: {error}", "a TOML file") from error
    check_entry(path.name, entry)
    check_predicates(path.name, entry["signals"])
    return _made(entry)


def _made(entry: dict[str, Any]) -> Pack:
    parts = {
        "signals": tuple(Signal(**signal) for signal in entry["signals"]),
        "playbook": tuple(Step(**step) for step in entry["playbook"]),
        "losses": tuple(Loss(**loss) for loss in entry["losses"]),
        "reason_codes": {code: Reason(**text) for code, text in entry["reason_codes"].items()},
    }
    words = {key: tuple(entry[key]) for key in ("entity_types", "clears", "actions")}
    return Pack(**{**entry, **parts, **words})


def _refuse_doubles(folder: Path, found: dict[str, Pack]) -> None:
    seen: dict[str, str] = {}
    for name, pack in found.items():
        signals = (("signals.code", signal.code) for signal in pack.signals)
        reasons = (("reason_codes", code) for code in pack.reason_codes)
        for key, code in (("code", pack.code), *signals, *reasons):
            if code in seen:
                raise PackRefused(
                    f"{folder.name}/{name}", key, f"{code} is in {seen[code]} as well",
                    "each code once in all packs", "Rename or delete one",
                )  # fmt: skip
            seen[code] = name


def to_json(pack: Pack) -> str:
    """One pack as text that a database keeps."""
    kept = {key: value for key, value in asdict(pack).items() if value is not None}
    return json.dumps(kept, ensure_ascii=False)


def from_json(texts: Iterable[str]) -> dict[str, Pack]:
    """The packs a database was built with, by code.

    Raises PackRefused for a text that no build of this release wrote.
    """
    made = []
    for text in texts:
        entry = json.loads(text)
        check_entry("scores.pack_texts", entry)
        made.append(_made(entry))
    return {pack.code: pack for pack in made}
