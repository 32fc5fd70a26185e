"""The contract of the raw tables as values: what `contracts/raw.toml` says.

Kept apart from the checking so that anybody who only wants to know what a
column means need not load anything that opens files.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache

from queries import ROOT, QueryError

RAW_CONTRACT = ROOT / "contracts" / "raw.toml"
CONTRACT_VERSION = 3
"""Version of the delivered and of the built tables; a page refuses a file of another one."""


@dataclass(frozen=True)
class RawColumn:
    """One column a marketplace delivers."""

    name: str
    type: str
    meaning: str = ""
    unit: str = ""
    nullable: bool = False
    references: str = ""
    kind_in: str = ""
    min: float | None = None
    max: float | None = None
    one_of: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawTable:
    """One table a marketplace delivers."""

    name: str
    purpose: str
    key: tuple[str, ...]
    columns: dict[str, RawColumn]


@cache
def raw_tables() -> dict[str, RawTable]:
    """Every raw table by name, in the order of the contract."""
    entries = tomllib.loads(RAW_CONTRACT.read_text(encoding="utf-8"))
    if entries.pop("version", None) != CONTRACT_VERSION:
        raise QueryError(
            f"{RAW_CONTRACT} is not version {CONTRACT_VERSION}, which this code reads. "
            "Change CONTRACT_VERSION together with the tables."
        )
    return {
        name: RawTable(
            name=name,
            purpose=entry["purpose"],
            key=tuple(entry["key"]),
            columns={key: _column(name, key, value) for key, value in entry["columns"].items()},
        )
        for name, entry in entries.items()
    }


def _column(table: str, name: str, entry: dict[str, object]) -> RawColumn:
    unknown = entry.keys() - {field.name for field in fields(RawColumn)}
    if unknown or "type" not in entry:
        raise QueryError(
            f"{RAW_CONTRACT}: {table}.{name} has keys {sorted(entry)}. It needs `type` and may "
            f"have {sorted(field.name for field in fields(RawColumn))}."
        )
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return RawColumn(name=name, **{**entry, **lists})  # type: ignore[arg-type]
