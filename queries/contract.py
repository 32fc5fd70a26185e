"""The contract of the raw tables as values: what `contracts/raw.toml` says.

Kept apart from the checking so that anybody who only wants to know what a
column means need not load anything that opens files.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from queries import ROOT, QueryError
from queries.toml_models import FileModel, Text, TomlList, read_toml, validate, with_names

RAW_CONTRACT = ROOT / "contracts" / "raw.toml"
CURRENCIES = ROOT / "contracts" / "currencies.toml"
CONTRACT_VERSION = 7
"""Version of the delivered and of the built tables; a page refuses a file of another one."""

LONGEST_ID = 256
"""Characters of an id at most: a longer one is a text that slipped into the wrong column."""
NO_ID_CHARACTER = r"[\x00-\x1f\x7f]"
"""Regular expression of what no id holds: a line break or another control character."""

VECTOR = "double[]"
"""Type of a column that holds a list of numbers."""

_Names = Annotated[tuple[Text, ...], TomlList, Field(description="a list of names")]
_Flag = Annotated[bool, Field(description="true or false")]
_Bound = Annotated[int | float | None, Field(description="a number")]


class RawColumn(FileModel):
    """One column a marketplace delivers."""

    name: Text
    type: Annotated[
        Literal["varchar", "boolean", "bigint", "double", "date", "timestamp", "double[]"],
        Field(description="one of varchar, boolean, bigint, double, date, timestamp, double[]"),
    ]
    meaning: Text = ""
    unit: Text = ""
    nullable: _Flag = False
    references: Text = ""
    entity_type_in: Text = ""
    min: _Bound = None
    max: _Bound = None
    one_of: _Names = ()
    not_before: _Names = ()
    is_time_zone: _Flag = False
    is_currency: _Flag = False
    may_lie_ahead: _Flag = False
    is_birth: _Flag = False
    is_end: _Flag = False
    known_with: Text = ""
    same_as: _Names = ()
    sum_of: _Names = ()
    part_of: _Names = ()
    agrees_within: _Names = ()


class RawTable(FileModel):
    """One table a marketplace delivers."""

    name: Text
    purpose: Text
    key: _Names
    optional: _Flag = False
    switches_on: Text = ""
    """What an optional table is for."""
    columns: Annotated[dict[str, RawColumn], Field(min_length=1, description="at least one column")]


@cache
def raw_tables() -> dict[str, RawTable]:
    """Every raw table by name, in the order of the contract."""
    entries = read_toml(RAW_CONTRACT, str(RAW_CONTRACT))
    if entries.pop("version", None) != CONTRACT_VERSION:
        raise QueryError(
            f"{RAW_CONTRACT} is not version {CONTRACT_VERSION}, which this code reads. "
            "Change CONTRACT_VERSION together with the tables."
        )
    return {name: _table(name, entry) for name, entry in with_names(entries).items()}


def _table(name: str, entry: object) -> RawTable:
    if isinstance(entry, dict) and isinstance(entry.get("columns"), dict):
        entry = {**entry, "columns": with_names(entry["columns"])}
    return validate(RawTable, entry, str(RAW_CONTRACT), (name,))


class _Currencies(FileModel):
    codes: _Names


@cache
def currencies() -> frozenset[str]:
    """Codes of ISO 4217 that money of a row may be in."""
    entry = read_toml(CURRENCIES, str(CURRENCIES))
    return frozenset(validate(_Currencies, entry, str(CURRENCIES), ()).codes)
