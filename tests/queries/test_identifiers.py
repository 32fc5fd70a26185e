"""Placeholders: what stands where an identifier is not known, and what only looks like it."""

from __future__ import annotations

import hashlib

import duckdb
import pytest

import queries
from queries.contract import raw_tables

USERS = 100


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """A delivery of a hundred orders, each with a device, network, card and address of its own."""
    con = duckdb.connect()
    con.execute("create schema raw")
    for table in raw_tables().values():
        columns = ", ".join(f'cast(null as {c.type}) as "{c.name}"' for c in table.columns.values())
        con.execute(f"create table raw.{table.name} as select {columns} where false")
    names = ("order_id", "buyer_id", "device_id", "ip_id", "address_id", "payment_token_id")
    own = ", ".join(f"'{name} ' || n" for name in names)
    con.execute(
        f"insert into raw.orders ({', '.join(names)}) select {own} from range({USERS}) as t(n)"
    )
    return con


def known(con: duckdb.DuckDBPyConnection, value: str | None, relation: str = "device") -> bool:
    """Whether an identifier is one after staging."""
    queries.build(con, "staging/placeholders")
    queries.define_macros(con, queries.get("staging/orders"))
    sql = "select identifier($relation, $value)"
    return con.execute(sql, {"relation": relation, "value": value}).fetchall()[0][0] == value


@pytest.mark.parametrize(
    "value",
    [
        *("\u00a0", "\u200b", "\u3000", "\ufeff-"),  # blanks that are no space
        *("", " ", "\t", "0", "-", "--", "?", "N/A", "na", "None", "NULL", " unknown ", "\\N"),
        *("0.0.0.0", "::", "127.0.0.1", "00:00:00:00:00:00", "02:00:00:00:00:00", "0x0000"),  # noqa: S104
        *("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        *("NO_DEVICE", "(not set)", "Pending", "Desconhecido", "不明"),
        *("xxxxxxxx", "********", "9774d56d682e549c", "Test"),
        "d41d8cd98f00b204e9800998ecf8427e",  # MD5 of nothing
        "50d8b4a941c26b89482c94ab324b5a274f9ced66",  # SHA-1 of unknown
        hashlib.sha256(b"null").hexdigest().upper(),
    ],
)
def test_a_placeholder_is_no_identifier(con: duckdb.DuckDBPyConnection, value: str) -> None:
    """Blank, zeroed, listed in clear or hashed: nobody."""
    assert not known(con, value)


@pytest.mark.parametrize(
    "value", ["7", "dev_1", "10.0.0.1", "a", "0007", "2001:db8::1", "Na Li", "11", "ffffffe"]
)
def test_an_identifier_stays_as_it_is(con: duckdb.DuckDBPyConnection, value: str) -> None:
    """Short, padded or odd ones are identifiers all the same."""
    assert known(con, value)


def test_a_marketplace_adds_its_own(con: duckdb.DuckDBPyConnection) -> None:
    """A line of `placeholders`, in whatever letters."""
    assert known(con, "KIOSK")
    con.execute("insert into raw.placeholders values (' kiosk')")
    assert not known(con, "KIOSK")


def test_what_a_fifth_shares_is_a_hub_of_its_kind_alone(con: duckdb.DuckDBPyConnection) -> None:
    """A constant that no list knows ties nobody; the same text as an address may be one."""
    con.execute("update raw.orders set device_id = 'web' where hash(order_id) % 5 < 4")
    assert not known(con, "web")
    assert known(con, "web", "address")
    hub = con.execute("select value, users from staging.placeholders where reason = 'hub'")
    (value, users), *others = hub.fetchall()
    assert (value, others) == ("web", [])
    assert USERS / 2 <= users < USERS


def test_a_hub_is_one_however_it_is_written(con: duckdb.DuckDBPyConnection) -> None:
    """Three spellings, none of 50 users; who is seen with two of them counts once."""
    for spelling, first, end in (("Web", 0, 30), (" WEB ", 30, 60)):
        con.execute(
            f"update raw.orders set device_id = '{spelling}' from range({first}, {end}) as t(n) "
            "where orders.buyer_id = 'buyer_id ' || t.n"
        )
    con.execute(
        "insert into raw.orders (order_id, buyer_id, device_id) "
        "select 'again ' || n, 'buyer_id ' || n, 'web' from range(10) as t(n)"
    )
    assert not known(con, "Web")
    hub = con.execute("select value, users from staging.placeholders where reason = 'hub'")
    assert hub.fetchall() == [("web", 60)]


def test_what_few_share_is_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """A crowd of 40 of 100 is a ring or an office, and small enough to be looked at."""
    con.execute("update raw.orders set device_id = 'd' where buyer_id in ('buyer_id 1')")
    con.execute(
        "update raw.orders set device_id = 'd' from range(40) as t(n) "
        "where orders.buyer_id = 'buyer_id ' || t.n"
    )
    assert known(con, "d")


def test_a_text_that_a_machine_writes_for_everybody_is_nobodys(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """It would be the most copied review there is; what many people say in a word stays."""
    text = "The buyer did not leave a comment, a good rating was given by default"
    con.execute(
        "insert into raw.reviews (review_id, order_id, body) "
        "select 'r' || n, 'o' || n, $text from range(60) as t(n)",
        {"text": text},
    )
    con.execute(
        "insert into raw.reviews (review_id, order_id, body) "
        "select 'g' || n, 'g' || n, 'Good' from range(60) as t(n)"
    )
    queries.build(con, "staging/placeholders")
    queries.build(con, "staging/reviews")
    bodies = con.execute("select distinct body from staging.reviews").fetchall()
    assert sorted(bodies, key=str) == [("Good",), (None,)]
