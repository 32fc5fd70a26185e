"""A family that shares a phone counts once; strangers, namesakes and crowds do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import queries
from tests.schemas import empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

TODAY = datetime(2026, 3, 2)  # noqa: DTZ001
TABLES = {
    "staging.buyers": "buyer_id varchar, name varchar",
    "graph.entities": "entity_type varchar, entity_id varchar, name varchar",
    "graph.links": "entity_type varchar, entity_id varchar, relation varchar,"
    " identifier_id varchar, first_seen_at timestamp, last_seen_at timestamp,"
    " evidence_count bigint",
    "facts.entity_keys": "entity_type varchar, entity_id varchar, entity_key bigint",
    "population.buyer_spine": "observation_id bigint, entity_key bigint, buyer_id varchar,"
    " as_of date",
}
ONE_PHONE = ("device", "address", "payment_token")


@pytest.fixture
def tiny() -> Iterator[duckdb.DuckDBPyConnection]:
    """Nobody yet."""
    with empty_tables(TABLES) as con:
        yield con


def live_together(
    con: duckdb.DuckDBPyConnection,
    names: Sequence[str | None],
    relations: Sequence[str] = ONE_PHONE,
    days_ago: int = 5,
) -> None:
    """Accounts b0, b1, ... of these names that share one of each kind of thing."""
    for place, name in enumerate(names):
        buyer = f"b{place}"
        con.execute("insert into staging.buyers values (?, ?)", [buyer, name])
        con.execute("insert into graph.entities values ('buyer', ?, ?)", [buyer, name])
        con.execute("insert into facts.entity_keys values ('buyer', ?, ?)", [buyer, place])
        con.execute(
            "insert into population.buyer_spine values (?, ?, ?, ?)",
            [place, place, buyer, TODAY.date()],
        )
        seen = TODAY - timedelta(days=days_ago, hours=-place)
        for relation in relations:
            con.execute(
                "insert into graph.links values ('buyer', ?, ?, 'shared', ?, ?, 1)",
                [buyer, relation, seen, seen],
            )


def accounts(con: duckdb.DuckDBPyConnection, relation: str = "device") -> list[float]:
    """What is said of each account at the snapshot, which its evidence has to bear out."""
    for name in ("graph/identifiers", "facts/housemates", "windows/buyer_neighbours"):
        queries.build(con, name)
    rows = con.sql("from windows.buyer_neighbours order by buyer_id").pl().rows(named=True)
    said = [float(row[f"{relation}_accounts"]) for row in rows]
    for row, count in zip(rows, said, strict=True):
        own = {"entity_type": "buyer", "entity_id": row["buyer_id"], "as_of": TODAY.date()}
        listed = queries.run(con, "evidence/most_shared_identifier", relation=relation, **own)
        assert (~listed["is_household"]).sum() == count
    return said


def test_a_family_on_one_phone_is_no_crowd(tiny: duckdb.DuckDBPyConnection) -> None:
    """Digits, letter case and the order of the names do not matter."""
    live_together(tiny, ["Ana Reyes", "leo reyes17", "REYES, Mia", "Óscar Reyes"])
    for relation in ONE_PHONE:
        assert accounts(tiny, relation) == [1.0] * 4


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        (["Ana Reyes", "Leo Brook", "Mia Usher"], [3.0, 3.0, 3.0]),
        (["Ana Reyes", "ana reyes2", "Ana  Reyes"], [3.0, 3.0, 3.0]),
        (["Ana Reyes", "Leo Reyes", "Mia Usher"], [2.0, 2.0, 3.0]),
        (["何丽华", "何小明", "王芳"], [2.0, 2.0, 3.0]),
        ([None, "***", "1234"], [3.0, 3.0, 3.0]),
    ],
    ids=["strangers", "one person thrice", "a lodger", "Chinese letters", "names withheld"],
)
def test_who_is_no_family_counts(
    names: list[str | None], counts: list[float], tiny: duckdb.DuckDBPyConnection
) -> None:
    """A name in common is asked of two people: the very same name is one person twice."""
    live_together(tiny, names)
    assert accounts(tiny) == counts


def test_one_name_without_one_address_is_no_family(tiny: duckdb.DuckDBPyConnection) -> None:
    """A phone of four who live apart, of whatever name, is a phone of four."""
    live_together(tiny, [f"P{n} Reyes" for n in "abcd"], ["device"])
    assert accounts(tiny) == [4.0] * 4


def test_a_household_has_a_size(tiny: duckdb.DuckDBPyConnection) -> None:
    """Twenty accounts of one name at one address are a ring: all but the first six count."""
    live_together(tiny, [f"Given{chr(97 + n)} Reyes" for n in range(20)])
    assert sorted(accounts(tiny)) == [15.0] * 6 + [20.0] * 14


def test_a_family_is_one_from_the_day_it_shows(tiny: duckdb.DuckDBPyConnection) -> None:
    """An order of today to the common address was not known at the snapshot of this morning."""
    live_together(tiny, ["Ana Reyes", "Leo Reyes"], ["device"])
    for buyer, days_ago in (("b0", 5), ("b1", 0)):
        seen = TODAY - timedelta(days=days_ago)
        tiny.execute(
            "insert into graph.links values ('buyer', ?, 'address', 'home', ?, ?, 1)",
            [buyer, seen, seen],
        )
    assert accounts(tiny) == [2.0, 2.0]
