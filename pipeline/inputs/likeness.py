"""Which table and column of a source is meant by a name of the contract.

Names are compared without what decorates them, then by the synonyms of one file. A name that is
the same is a match; a synonym is a guess, which a person looks at.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from queries import ROOT
from queries.toml_models import FileModel, Text, TomlList, read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

SYNONYMS = ROOT / "contracts" / "synonyms.toml"
DECORATION = {"dim", "fact", "fct", "tbl", "raw", "stg", "dataset", "data", "table", "v", "vw"}
FEWEST_ALIKE = 3
"""Tables that share a first word for it to be a prefix and no name."""

_Names = Annotated[tuple[Text, ...], TomlList]


class Synonyms(FileModel):
    """What others call tables and columns of the contract."""

    tables: Annotated[dict[str, _Names], Field(description="a list of names for each table")]
    columns: Annotated[dict[str, _Names], Field(description="a list of names for each column")]


@cache
def synonyms() -> Synonyms:
    """The declared synonyms."""
    return validate(Synonyms, read_toml(SYNONYMS, str(SYNONYMS)), str(SYNONYMS))


def words(name: str) -> list[str]:
    """The words of a name, in small letters: `OrderItems-2` -> order, items, 2."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[^a-z0-9]+", parted.lower()) if word]


def bare_tables(names: Iterable[str]) -> dict[str, str]:
    """Each table's name without decoration, a shared prefix and the plural."""
    parts = {name: words(name) for name in names}
    firsts = Counter(found[0] for found in parts.values() if len(found) > 1)
    shared = {word for word, count in firsts.items() if count >= FEWEST_ALIKE}
    meant = {word for one in synonyms().tables.values() for name in one for word in words(name)}
    bare = {}
    for name, found in parts.items():
        kept = [word for word in found if word not in DECORATION]
        kept = kept[1:] if len(kept) > 1 and kept[0] in shared - meant else kept
        bare[name] = _singular("_".join(kept) or name)
    return bare


def is_table(bare: str, table: str) -> bool:
    """Whether a bare name stands for a table of the contract."""
    return bare == _singular(table) or bare in synonyms().tables.get(table, ())


def column_of(table: str, column: str, columns: Iterable[str]) -> tuple[str, int] | None:
    """The column of a source that stands for one of the contract, and how far its name is off.

    0 is the same name; from 1 on, the place among the declared synonyms.
    """
    there = {"_".join(words(name)): name for name in columns}
    declared = synonyms().columns
    called = (column, *declared.get(f"{table}.{column}", ()), *declared.get(column, ()))
    return next(((there[name], off) for off, name in enumerate(called) if name in there), None)


def alias_of(bare: str, taken: Iterable[str]) -> str:
    """A short name of a table: its initials, with a number where they are taken or mean more."""
    initials = "".join(word[0] for word in words(bare) if word[0].isalpha()) or "t"
    rivals = {*taken, "as", "at", "by", "do", "if", "in", "is", "of", "on", "or", "to"}
    numbered = (f"{initials}{number}" for number in range(2, 1000))
    return initials if initials not in rivals else next(n for n in numbered if n not in rivals)


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
