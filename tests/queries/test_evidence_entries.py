"""A feature is said once: shared entries, exceptions and windows come apart as they are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import queries
from queries import evidence_entries
from queries.catalogue import features
from queries.evidence_entries import SHARED, feature_entries, file_entries
from queries.toml_models import FileRefused
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Write = Callable[..., None]

WHOLE = """
label = "Orders, {window}"
family = "orders"
format = "count"
sentence = "Orders of {entities} in {window}: {value}"
rows = "orders"
value = "sum(orders) / {days}.0"
direction = "none"
changeable = true
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Puts a catalogue of two files, shared and a shop's own, in the place of the house's."""

    def files(shared: str, merchant: str = "") -> None:
        for name, text in ((SHARED, shared), ("merchant", merchant), ("creator", "")):
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")

    monkeypatch.setattr(evidence_entries, "EVIDENCE", tmp_path)
    file_entries.cache_clear()
    yield files
    file_entries.cache_clear()


def read(entity_type: str = "merchant") -> dict[str, dict[str, object]]:
    """What the files say of a type, without the caches of the house."""
    catalogue = features.__wrapped__(entity_type)
    return {name: feature.model_dump() for name, feature in catalogue.items()}


FAMILY = f'["orders_{{days}}d"]\nwindows = [30, 1]{WHOLE}'


def test_a_family_is_a_feature_for_each_window(write: Write) -> None:
    """In the order of the columns, each with its days in name and texts."""
    write(FAMILY)
    catalogue = read()
    assert list(catalogue) == ["orders_1d", "orders_30d"]
    assert [one["days"] for one in catalogue.values()] == [1, 30]
    assert [one["label"] for one in catalogue.values()] == ["Orders, 1 day", "Orders, 30 days"]
    assert catalogue["orders_30d"]["value"] == "sum(orders) / 30.0"


def test_a_shared_entry_speaks_of_whom_it_is_read_for(write: Write) -> None:
    """Shops, creators; the runtime's own placeholders stay."""
    write(FAMILY)
    shop, creator = (read(kind)["orders_1d"] for kind in ("merchant", "creator"))
    assert shop["sentence"] == "Orders of shops in 1 day: {value}"
    assert creator["sentence"] == "Orders of creators in 1 day: {value}"


def test_a_type_says_some_keys_otherwise(write: Write) -> None:
    """The rest stays as shared; another type hears nothing of it."""
    write(FAMILY, '["orders_{days}d"]\nwindows = [1]\nlabel = "Sales, {window}"')
    assert read()["orders_1d"]["label"] == "Sales, 1 day"
    assert read()["orders_1d"]["family"] == "orders"
    assert read()["orders_30d"]["label"] == "Orders, 30 days"
    assert read("creator")["orders_1d"]["label"] == "Orders, 1 day"


def test_a_later_entry_says_some_keys_of_a_family_otherwise(write: Write) -> None:
    """One window needs other words."""
    write(f'{FAMILY}[orders_1d]\nlabel = "Orders of the last day"')
    assert [one["label"] for one in read().values()] == [
        "Orders of the last day",
        "Orders, 30 days",
    ]


def test_who_has_a_shared_entry_is_said_by_the_columns(write: Write) -> None:
    """A buyer has no column of this name, so it has no such feature."""
    write(f"[gmv_usd_30d]\ndays = 30{WHOLE}")
    assert list(read()) == ["gmv_usd_30d"]
    assert feature_entries("creator").keys() == {"gmv_usd_30d"}
    columns = [column.name for column in queries.get("features/buyer").returns]
    assert "gmv_usd_30d" not in columns


BROKEN = {
    "no column": ("", f"[luck_30d]\ndays = 30{WHOLE}", "merchant.toml", "luck_30d"),
    "no table": ("orders_1d = 3", "", "shared.toml", "orders_1d"),
    "empty windows": (FAMILY.replace("[30, 1]", "[]"), "", "shared.toml", "windows"),
    "no whole days": (FAMILY.replace("[30, 1]", "[1.5]"), "", "shared.toml", "windows"),
    "window twice": (FAMILY.replace("[30, 1]", "[1, 1]"), "", "shared.toml", "windows"),
    "days as well": (f"{FAMILY}days = 3", "", "shared.toml", "windows"),
    "one name": (FAMILY.replace("orders_{days}d", "orders_1d"), "", "shared.toml", "windows"),
    "unknown key": (f"{FAMILY}colour = 3", "", "shared.toml", "orders_1d.colour"),
    "missing key": ("[orders_1d]\nlabel = 'Orders'", "", "shared.toml", "orders_1d.family"),
    "empty text": (FAMILY, "[orders_1d]\nlabel = ' '", "merchant.toml", "orders_1d.label"),
    "unknown family": (FAMILY, "[orders_1d]\nfamily = 'x'", "merchant.toml", "orders_1d.family"),
    "unknown format": (FAMILY, "[orders_1d]\nformat = 'x'", "merchant.toml", "orders_1d.format"),
    "unknown words": (FAMILY, "[orders_1d]\nshown = 'x'", "merchant.toml", "orders_1d.shown"),
    "unknown use": (FAMILY, "[orders_1d]\nuse = 'x'", "merchant.toml", "orders_1d.use"),
    "unknown end": (FAMILY, "[orders_1d]\ndirection = 'up'", "merchant.toml", "direction"),
    "not true": (FAMILY, "[orders_1d]\nchangeable = 'yes'", "merchant.toml", "changeable"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_entry_is_refused_with_file_feature_and_key(write: Write, fault: str) -> None:
    """Whatever is wrong, the message leads to the line."""
    shared, merchant, file, key = BROKEN[fault]
    write(shared, merchant)
    with pytest.raises(FileRefused) as refused:
        read()
    assert refused.value.file.endswith(f"queries/evidence/{file}")
    assert refused.value.key.endswith(key)
    assert "Expected" in str(refused.value)


def test_every_shared_entry_of_the_house_is_shared() -> None:
    """An entry that one type alone has belongs to that type's file; one that none has is dead."""
    users = {
        name: sum(name in features(entity_type) for entity_type in ENTITY_TYPES)
        for name in file_entries(SHARED)
    }
    alone = {name for name, count in users.items() if count < 2}
    assert alone == {"instant_order_share_30d"}, "its family is shared, this window is not"
