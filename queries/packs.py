"""Typology packs: everything Ringfence knows about one kind of risk, as data.

A pack is a file so that a new scenario needs no core edit: dropping it in adds
its signals, words, playbook and prices everywhere, deleting it removes them. What
a file may hold is said once, in `queries.pack_models`; a built database carries the
packs it was built with, so that pages never speak of others.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from queries import ROOT
from queries.catalogue import features
from queries.pack_models import Pack, PackRefused, Signal
from queries.predicates import predicate_columns
from queries.toml_models import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FOLDER",
    "Pack",
    "PackRefused",
    "Signal",
    "check_predicates",
    "folder_of",
    "from_json",
    "packs",
    "to_json",
]

FOLDER = ROOT / "typologies"
"""Packs of the house."""
_VARIABLE = "RINGFENCE_PACKS"
"""Environment variable that names another folder of packs."""


def folder_of(chosen: str = "") -> Path:
    """The folder of packs: `chosen`, else $RINGFENCE_PACKS, else the packs of the house."""
    name = chosen or os.environ.get(_VARIABLE, "")
    return Path(name) if name else FOLDER


def packs(folder: Path | None = None) -> dict[str, Pack]:
    """Every pack of a folder (default: see `folder_of`), by code, in file order.

    Raises PackRefused, naming file, key and remedy, for the first thing that is wrong.
    """
    return dict(_packs(folder or folder_of()))


@cache
def _packs(folder: Path) -> dict[str, Pack]:
    if not folder.is_dir():
        raise PackRefused(
            str(folder),
            "",
            "there is no such folder",
            "a folder of TOML packs",
            "Name one by RINGFENCE_PACKS, or unset it for the packs of the house",
        )
    by_file = {path.name: _pack(path) for path in sorted(folder.glob("*.toml"))}
    _refuse_doubles(folder, by_file)
    return {pack.code: pack for pack in by_file.values()}


def _pack(path: Path) -> Pack:
    entry = read_toml(path, path.name, PackRefused)
    pack = validate(Pack, entry, path.name, refusal=PackRefused)
    check_predicates(path.name, pack)
    return pack


def check_predicates(file: str, pack: Pack) -> None:
    """Refuse a predicate that is no condition over the features of its entity type."""
    for number, signal in enumerate(pack.signals, 1):
        key, entity_type, text = f"signals {number}.predicate", signal.entity_type, signal.predicate
        try:
            columns = predicate_columns(entity_type, text)
        except (duckdb.Error, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise PackRefused(
                file,
                key,
                f"{text!r} cannot be run: {reason}",
                f"a true-or-false expression over columns of features.{entity_type}",
                "Mend the predicate, see queries/evidence for what each column means",
            ) from error
        catalogue = features(entity_type)
        if not any(catalogue[name].use == "fraud" for name in columns if name in catalogue):
            raise PackRefused(
                file,
                key,
                f"{text!r} rests on {sorted(columns) or 'nothing'} alone",
                "at least one feature that is about fraud: poor service is no fraud",
                "Add a condition on such a feature, or drop the signal",
            )


def _refuse_doubles(folder: Path, by_file: dict[str, Pack]) -> None:
    seen: dict[str, str] = {}
    for name, pack in by_file.items():
        signals = (("signals.code", signal.code) for signal in pack.signals)
        reasons = (("reason_codes", code) for code in pack.reason_codes)
        lexicons = (("lexicons.code", lexicon.code) for lexicon in pack.lexicons)
        for key, code in (("code", pack.code), *signals, *reasons, *lexicons):
            if code in seen:
                raise PackRefused(
                    f"{folder.name}/{name}",
                    key,
                    f"{code} is in {seen[code]} as well",
                    "each code once in all packs",
                    "Rename or delete one",
                )
            seen[code] = name


def to_json(pack: Pack) -> str:
    """One pack as text that a database keeps."""
    return json.dumps(pack.model_dump(exclude_none=True), ensure_ascii=False)


def from_json(texts: Iterable[str]) -> dict[str, Pack]:
    """The packs a database was built with, by code.

    Raises PackRefused for a text that no build of this release wrote.
    """
    stored = (
        validate(Pack, json.loads(text), "scores.pack_texts", refusal=PackRefused) for text in texts
    )
    return {pack.code: pack for pack in stored}
