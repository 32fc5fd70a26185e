"""The raw contract holds together, and one that breaks its own form is refused by file and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from queries import QueryError, contract
from queries.contract import raw_tables
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
        ("version = 7", 'version = 7\nowner = "us"', "owner"),
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


def test_the_contract_refers_only_to_what_it_names() -> None:
    """References, kinds and clocks of the contract all lead to a column of it."""
    tables = raw_tables()
    for table in tables.values():
        for column in table.columns.values():
            where = f"{table.name}.{column.name}"
            if column.references:
                owner, _, key = column.references.partition(".")
                assert tables[owner].key == (key,), where
            if column.entity_type_in:
                kinds = table.columns[column.entity_type_in].one_of
                assert all(tables[f"{kind}s"].key == (f"{kind}_id",) for kind in kinds), where
            for earliest in column.not_before:
                owner, _, instant = earliest.rpartition(".")
                assert tables[owner or table.name].columns[instant].type == "timestamp", where


def test_a_contract_of_another_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file and the code that reads it change together."""
    other = tmp_path / "raw.toml"
    other.write_text(contract.RAW_CONTRACT.read_text().replace("version = 7", "version = 2", 1))
    monkeypatch.setattr(contract, "RAW_CONTRACT", other)
    with pytest.raises(QueryError, match="not version 7"):
        raw_tables.__wrapped__()


def test_what_may_be_left_out_says_what_it_is_for() -> None:
    """The core is four tables, and its keys, times and money are required."""
    tables = raw_tables()
    core = [name for name, table in tables.items() if not table.optional]
    assert core == ["merchants", "products", "buyers", "orders"]
    assert [
        name for name, table in tables.items() if table.optional and not table.switches_on
    ] == []
    required = {name for name, column in tables["orders"].columns.items() if not column.nullable}
    assert {"order_id", "created_at", "paid_minor", "usd_per_unit"} <= required
    assert not [name for name in required if name.endswith(("device_id", "ip_id", "address_id"))]
    for table in tables.values():
        assert not [name for name in table.key if table.columns[name].nullable], table.name
