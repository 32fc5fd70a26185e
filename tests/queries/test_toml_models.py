"""Every fault of a file is told by file, key, expectation and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

import pytest
from pydantic import Field, model_validator

from queries import QueryError
from queries.toml_models import (
    EachOnce,
    EntityType,
    FileModel,
    FileRefused,
    Tables,
    Text,
    TomlList,
    broken_rule,
    read_toml,
    validate,
)

if TYPE_CHECKING:
    from pathlib import Path


class Part(FileModel):
    """A table inside another."""

    name: Text
    share: Annotated[float, Field(ge=0.0, le=1.0, description="a number from 0 to 1")] = 0.5

    @model_validator(mode="after")
    def _is_not_odd(self) -> Self:
        if self.name == "odd":
            raise broken_rule("name", "it is odd", "an even one", "Even it out")
        return self


class Whole(FileModel):
    """A file."""

    kind: EntityType
    words: Annotated[tuple[Text, ...], TomlList, EachOnce, Field(description="a list of words")]
    parts: Annotated[tuple[Part, ...], Tables]
    one: Annotated[Part, Field(description="a part")]
    by_code: Annotated[dict[str, Part], Field(description="parts by code")]


def whole(**changes: Any) -> dict[str, Any]:
    """A legal file with changes; None leaves a key out."""
    part = {"name": "a"}
    entry = {
        "kind": "buyer",
        "words": ["a", "b"],
        "parts": [part, part],
        "one": part,
        "by_code": {"A.B": part},
    }
    return {key: value for key, value in {**entry, **changes}.items() if value is not None}


def test_a_legal_file_is_a_value_that_cannot_change() -> None:
    """Lists become tuples, whole numbers are numbers."""
    made = validate(Whole, whole(one={"name": "a", "share": 1}), "file.toml")
    assert made.words == ("a", "b")
    assert made.one.share == 1.0
    with pytest.raises(ValueError, match="frozen"):
        made.one = made.parts[0]


FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"kind": "shop"}, "kind", "it is 'shop'", "one of merchant, creator"),
    ({"kind": None}, "kind", "it is missing", "Add it"),
    ({"kin": "buyer", "kind": None}, "kin", "this key is unknown", "one of by_code, kind, one"),
    ({"words": []}, "words", "it is []", "a list of words"),
    ({"words": ["a", "a"]}, "words", "it is ['a', 'a']", "a list of words"),
    ({"words": ["a", 3]}, "words", "it is 3", "a list of words"),
    ({"words": "ab"}, "words", "it is 'ab'", "a list of words"),
    ({"parts": []}, "parts", "it is []", "at least one table"),
    ({"parts": ["a"]}, "parts 1", "it is 'a'", "a table"),
    ({"parts": [{"name": "a"}, {"name": " "}]}, "parts 2.name", "it is ' '", "not empty"),
    ({"parts": [{"name": "a", "size": 1}]}, "parts 1.size", "unknown", "one of name, share"),
    ({"one": {"name": "a", "share": True}}, "one.share", "it is True", "a number from 0 to 1"),
    ({"one": {"name": "a", "share": "0.1"}}, "one.share", "it is '0.1'", "a number from 0 to 1"),
    ({"one": {"name": "a", "share": float("nan")}}, "one.share", "it is nan", "from 0 to 1"),
    ({"one": 3}, "one", "it is 3", "a part"),
    ({"by_code": {"A.B": {}}}, "by_code.A.B.name", "it is missing", "a text that is not empty"),
    ({"by_code": {"A.B": {"name": "odd"}}}, "by_code.A.B.name", "it is odd", "Even it out"),
    ({"parts": [{"name": "odd"}]}, "parts 1.name", "it is odd", "an even one"),
]


@pytest.mark.parametrize(("changes", "key", "fault", "rest"), FAULTS)
def test_a_fault_is_told_with_file_key_and_remedy(
    changes: dict[str, Any], key: str, fault: str, rest: str
) -> None:
    """People count from one, and a word in a list is told of its list."""
    with pytest.raises(FileRefused) as refused:
        validate(Whole, whole(**changes), "file.toml", ("top",))
    assert (refused.value.file, refused.value.key) == ("file.toml", f"top.{key}")
    message = str(refused.value)
    assert message.startswith(f"file.toml, key top.{key}: ")
    assert fault in message
    assert rest in message
    assert message.endswith(f"{refused.value.remedy}.")


def test_what_is_no_table_at_all_is_refused() -> None:
    """Without a key there is the file."""
    with pytest.raises(FileRefused, match=r"^file\.toml: it is 3\. Expected a table"):
        validate(Whole, 3, "file.toml")


@pytest.mark.parametrize("content", [b"a = ", b"a = '\xff'"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    """Neither broken syntax nor another encoding gets further."""
    path = tmp_path / "file.toml"
    path.write_bytes(content)
    with pytest.raises(QueryError, match=r"^house\.toml: it is not TOML: .* Mend the file\.$"):
        read_toml(path, "house.toml")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """It is no empty file."""
    with pytest.raises(FileRefused, match=r"^house\.toml: there is no such file\. .* Add it\.$"):
        read_toml(tmp_path / "house.toml", "house.toml")
