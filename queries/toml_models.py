"""TOML files as checked values, and the refusal of one that breaks a rule.

Packs, evidence, the raw contract and the tour are written by people and decide what others
read, so nothing in them is guessed: what is unknown, missing or out of range is refused with
the file, the key, what was expected and what to do. A field's `description` is that
expectation, and the documents print it too.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from queries import QueryError
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

_T = TypeVar("_T")


class FileModel(BaseModel):
    """A table of a TOML file: no key that is not declared, no type that is not meant."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


_Model = TypeVar("_Model", bound=FileModel)


class FileRefused(QueryError):
    """A file that breaks a rule: which file, which key, what to do."""

    remedy_at_hand: ClassVar[str] = "Mend the file"
    noun: ClassVar[str] = ""

    def __init__(
        self, file: str, key: str, fault: str, expected: str, remedy: str | None = None
    ) -> None:
        self.file, self.key, self.remedy = file, key, remedy or self.remedy_at_hand
        place = f"{self.noun}{file}, key {key}" if key else f"{self.noun}{file}"
        super().__init__(f"{place}: {fault}. Expected {expected}. {self.remedy}.")


def broken_rule(
    key: str, fault: str, expected: str, remedy: str | None = None
) -> PydanticCustomError:
    """What a validator raises: the key inside its own table, and the parts of the refusal."""
    parts = {"key": key, "fault": fault, "expected": expected, "remedy": remedy or ""}
    return PydanticCustomError("broken_rule", "{fault}", parts)


def one_of(words: Sequence[str]) -> tuple[AfterValidator, FieldInfo]:
    """What makes a text one of a closed list: write `Annotated[str, *one_of(words)]`."""

    def check(value: str) -> str:
        if value not in words:
            raise PydanticCustomError("not_in_list", "not in the list")
        return value

    return AfterValidator(check), Field(description=f"one of {', '.join(words)}")


def _without_doubles(values: tuple[_T, ...]) -> tuple[_T, ...]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("doubles", "one is there twice")
    return values


Text = Annotated[str, Field(pattern=r"\S", description="a text that is not empty")]
TomlList = Field(strict=False, min_length=1)
"""Of a tuple: TOML spells it as a list, and an empty one is refused."""
EachOnce = AfterValidator(_without_doubles)
Tables = Field(strict=False, min_length=1, description="at least one table")
EntityType = Annotated[str, *one_of(ENTITY_TYPES)]


def read_toml(path: Path, name: str, refusal: type[FileRefused] = FileRefused) -> dict[str, Any]:
    """The tables of a file, called `name` in the refusal of one that is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise refusal(name, "", "there is no such file", "a TOML file", "Add it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refusal(name, "", f"it is not TOML: {error}", "a TOML file") from error


def with_names(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Each table of a file with its own key as `name`; what is no table stays, to be refused."""
    return {
        name: {**entry, "name": name} if isinstance(entry, dict) else entry
        for name, entry in entries.items()
    }


def validate(
    model: type[_Model],
    entry: object,
    file: str,
    place: tuple[str, ...] = (),
    refusal: type[FileRefused] = FileRefused,
) -> _Model:
    """`entry` as a `model`; refused for the first rule it breaks, an unknown key before others.

    `file` and `place`, the keys that lead to the entry, are named in the refusal.
    """
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        first = min(faults, key=lambda one: one["type"] != "extra_forbidden")
        key, *parts = _refusal_parts(model, first)
        raise refusal(file, ".".join((*place, *([key] if key else []))), *parts) from error


def _refusal_parts(model: type[FileModel], fault: ErrorDetails) -> tuple[str, ...]:
    """Key, fault, expectation and, where there is a special one, remedy."""
    path, owner, field = _place(model, fault["loc"])
    if fault["type"] == "broken_rule":
        parts = fault["ctx"]
        return _key_text((*path, parts["key"])), parts["fault"], parts["expected"], parts["remedy"]
    key = _key_text(path)
    if fault["type"] == "extra_forbidden":
        return key, "this key is unknown", f"one of {', '.join(sorted(owner.model_fields))}"
    expected = (field and field.description) or "a table"
    if fault["type"] == "missing":
        return key, "it is missing", expected, "Add it"
    return key, f"it is {fault['input']!r}", expected


def _place(
    model: type[FileModel], loc: Sequence[int | str]
) -> tuple[list[int | str], type[FileModel], FieldInfo | None]:
    """The keys that lead to a fault, the model it lies in, and its field if that has one.

    A place inside a list of plain values is the list: its description says what all must be.
    """
    path: list[int | str] = []
    owner, field = model, None
    for step in loc:
        inner = model_in(field.annotation) if field else owner
        if inner is None:
            break
        is_position = field is not None and field.annotation is not inner
        owner, path = inner, [*path, step]
        field = None if is_position else owner.model_fields.get(str(step))
    return path, owner, field


def model_in(annotation: object) -> type[FileModel] | None:
    """The model that a field holds, by itself or in a list or a table."""
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        return annotation
    inner = (model_in(part) for part in get_args(annotation))
    return next((model for model in inner if model), None)


def _key_text(path: Iterable[int | str]) -> str:
    """`("signals", 0, "code")` -> `signals 1.code`: people count from one."""
    steps = (f" {step + 1}" if isinstance(step, int) else f".{step}" for step in path if step != "")
    return "".join(steps).lstrip(".")
