"""The entries of the evidence catalogue as each feature has them, read from its TOML files.

What several entity types have is written once, in `evidence/shared.toml`; a type's own file
adds the rest and may say some keys of a shared entry otherwise. Features that differ by their
window alone are one entry with `windows`. Which of all these a type has is said by the columns
of its feature table and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from queries import ROOT, get
from queries.toml_models import EachOnce, FileModel, FileRefused, TomlList, read_toml, validate
from queries.vocabulary import SIGNAL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIDENCE = ROOT / "evidence"
SHARED = "shared"
ENTITIES = {
    "merchant": "shops",
    "creator": "creators",
    "product": "listings",
    "buyer": "accounts",
    "live_session": "live rooms",
}
"""What `{entities}` of a sentence is called, by entity type."""


@dataclass(frozen=True)
class Entry:
    """What the files say of one feature, not yet checked."""

    file: str
    """File or files it was read from, for a refusal."""
    values: dict[str, Any]

    def over(self, base: Entry | None) -> Entry:
        """This entry, with what it leaves out as `base` says it."""
        if base is None:
            return self
        file = self.file if self.file == base.file else f"{base.file} and {self.file}"
        return Entry(file, {**base.values, **self.values})


class _Family(FileModel):
    windows: Annotated[
        tuple[Annotated[int, Field(gt=0)], ...],
        TomlList,
        EachOnce,
        Field(description="a list of whole days above 0, none twice"),
    ]


def feature_entries(entity_type: str) -> dict[str, Entry]:
    """Every entry that a column of `features.<entity_type>` has, in the order of the columns.

    Raises FileRefused for an entry of the type's own file that no column has.
    """
    shared, own = file_entries(SHARED), file_entries(entity_type)
    columns = [column.name for column in get(f"features/{entity_type}").returns]
    columns += SIGNAL_COLUMNS
    for name in own:
        if name not in columns:
            raise FileRefused(
                own[name].file,
                name,
                "no column is called so",
                f"a column of queries/features/{entity_type}.sql",
                "Rename or delete the entry, or add the column",
            )
    merged = {**shared, **{name: entry.over(shared.get(name)) for name, entry in own.items()}}
    return {name: _for_type(merged[name], entity_type) for name in columns if name in merged}


@cache
def file_entries(stem: str) -> dict[str, Entry]:
    """The entries of one file, its families taken apart, by the name of the feature."""
    file = f"queries/evidence/{stem}.toml"
    entries: dict[str, Entry] = {}
    for key, values in read_toml(EVIDENCE / f"{stem}.toml", file).items():
        for name, member in _members(file, key, values):
            entries[name] = Entry(file, member).over(entries.get(name))
    return entries


def _members(file: str, key: str, values: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The features of one table: itself, or one for each of its windows."""
    if not isinstance(values, dict):
        raise FileRefused(file, key, f"it is {values!r}", "a table")
    if "windows" not in values:
        yield key, values
        return
    if "{days}" not in key or "days" in values:
        expected = "{days} in the name of the feature, and no key days"
        raise FileRefused(file, f"{key}.windows", "it gives several features", expected)
    for days in validate(_Family, {"windows": values["windows"]}, file, (key,)).windows:
        words = {"{days}": str(days), "{window}": "1 day" if days == 1 else f"{days} days"}
        texts = {name: _fill(text, words) for name, text in values.items() if name != "windows"}
        yield _fill(key, words), {**texts, "days": days}


def _for_type(entry: Entry, entity_type: str) -> Entry:
    words = {"{entities}": ENTITIES[entity_type]}
    return Entry(entry.file, {key: _fill(text, words) for key, text in entry.values.items()})


def _fill(value: Any, words: dict[str, str]) -> Any:
    """A text with its placeholders filled in; anything else as it is."""
    if isinstance(value, str):
        for placeholder, word in words.items():
            value = value.replace(placeholder, word)
    return value
