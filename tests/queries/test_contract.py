"""A contract that breaks its own form is refused with file, table, column and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from queries import contract
from queries.toml_models import FileRefused

if TYPE_CHECKING:
    from pathlib import Path

TYPE = '{ type = "varchar", meaning = "mer_..." }'


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (TYPE, '{ meaning = "mer_..." }', "merchants.columns.merchant_id.type"),
        (TYPE, '{ type = "text" }', "merchants.columns.merchant_id.type"),
        (TYPE, '{ type = "varchar", length = 3 }', "merchants.columns.merchant_id.length"),
        (TYPE, '{ type = "varchar", min = "a" }', "merchants.columns.merchant_id.min"),
        (TYPE, '"varchar"', "merchants.columns.merchant_id"),
        ('key = ["merchant_id"]', "", "merchants.key"),
        ('purpose = "One row per shop (selling partner)."', "purpose = 3", "merchants.purpose"),
        ("version = 3", 'version = 3\nowner = "us"', "owner"),
    ],
)
def test_a_fault_of_the_contract_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str, key: str
) -> None:
    """Nothing in it is guessed."""
    other = tmp_path / "raw.toml"
    text = contract.RAW_CONTRACT.read_text(encoding="utf-8")
    assert before in text
    other.write_text(text.replace(before, after, 1), encoding="utf-8")
    monkeypatch.setattr(contract, "RAW_CONTRACT", other)
    with pytest.raises(FileRefused) as refused:
        contract.raw_tables.__wrapped__()
    assert (refused.value.file, refused.value.key) == (str(other), key)
