"""Masks: keyed, the same for the same, and between a built database and whoever reads it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

import duckdb
import pytest

from queries.contract import raw_tables
from queries.free_text import hidden_text
from queries.personal_data import (
    attach_masks,
    class_of,
    mask_of,
    masked_columns,
    personal_data,
    short_mask,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY, OTHER = "0" * 32, "f" * 32
PHONE = "+62 812 0000 0001"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two accounts on one device, a shop and a buyer of the same name, as a built file has them."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as built")
        connection.execute("create schema built.graph")
        connection.execute("""
            create table built.graph.links as from (values
                ('buyer', 'b1', 'device', 'dev_1'), ('buyer', 'b2', 'device', 'dev_1'),
                ('buyer', 'b1', 'image', 'dev_1'), ('buyer', 'b3', 'ip', null)
            ) as t (entity_type, entity_id, relation, identifier_id)
        """)
        connection.execute("""
            create table built.graph.entities as from (values
                ('buyer', 'b1', 'Mia Tan'), ('buyer', 'b2', 'Mia Tan'),
                ('merchant', 'm1', 'Mia Tan')
            ) as t (entity_type, entity_id, name)
        """)
        connection.execute("""
            create table built.graph.nodes as select node, reverse(node) as backwards from (
                values ('device:dev:1'), ('merchant:m1'), ('image:dev_1')
            ) as t (node)
        """)
        yield connection


def test_every_text_of_a_delivery_is_classed_once() -> None:
    """Whoever adds a column says what it is; none is called two things."""
    rules = personal_data()
    listed = [*rules.delivered.values(), *rules.not_personal.values(), rules.written]
    counted = Counter(column for columns in listed for column in columns)
    texts = {
        f"{table.name}.{column.name}"
        for table in raw_tables().values()
        for column in table.columns.values()
        if column.type == "varchar"
    }
    assert set(counted) == texts
    assert set(counted.values()) == {1}


def test_a_query_reads_masks_and_still_joins(con: duckdb.DuckDBPyConnection) -> None:
    """One device is one mask; what is no person's, and what is null, stays."""
    catalogue = attach_masks(con, "built", KEY)
    rows = con.execute(f"select relation, identifier_id from {catalogue}.graph.links").fetchall()
    digest = hashlib.sha256(f"{KEY}dev_1".encode()).hexdigest()
    assert rows == [
        ("device", f"dev_…{digest[:16]}"),
        ("device", f"dev_…{digest[:16]}"),
        ("image", "dev_1"),
        ("ip", None),
    ]
    shared = f"""
        select count(*) from {catalogue}.graph.links as a
        inner join {catalogue}.graph.links as b using (relation, identifier_id)
        where a.entity_id < b.entity_id
    """
    assert con.execute(shared).fetchall() == [(1,)]
    names = con.execute(f"select name from {catalogue}.graph.entities").fetchall()
    assert names[0] == names[1] != ("Mia Tan",)
    assert names[2] == ("Mia Tan",)
    nodes = con.execute(f"select rowid, node, backwards from {catalogue}.graph.nodes").fetchall()
    keys = [f"device:{mask_of('dev:1', 'device', KEY)}", "merchant:m1", "image:dev_1"]
    assert nodes == [(row, key, key[::-1]) for row, key in enumerate(keys)]


def test_nodes_keep_their_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """They are asked for by their rows, in a table of several threads' work too."""
    con.execute("""
        create or replace table built.graph.nodes as select
            'device:' || range as node, reverse(node) as backwards, range as node_number
        from range(400_000)
    """)
    catalogue = attach_masks(con, "built", KEY)
    moved = f"select count(*) from {catalogue}.graph.nodes where rowid <> node_number"
    assert con.execute(moved).fetchall() == [(0,)]
    last = con.execute(f"select node from {catalogue}.graph.nodes where rowid = 399_999")
    assert last.fetchall() == [(f"device:{mask_of('399999', 'device', KEY)}",)]


def test_of_what_people_wrote_every_column_is_hidden(con: duckdb.DuckDBPyConnection) -> None:
    """Two in one table, and a table that no delivery fills; what holds nothing stays as it is."""
    mail, phone = "write to mia@tan.sg", "call +65 8123 4567"
    con.execute("create schema built.content")
    con.execute(
        "create table built.content.notes as select * from (values (?, ?), ('fine', null)) "
        "as t (body, claim_text)",
        [mail, phone],
    )
    catalogue = attach_masks(con, "built", KEY)
    rows = con.execute(f"select body, claim_text from {catalogue}.content.notes").fetchall()
    assert rows == [(hidden_text(mail), hidden_text(phone)), ("fine", None)]
    assert not {"mia", "8123"} & {one for text in rows[0] for one in re.split(r"\W", text)}


def test_the_views_take_no_writes(con: duckdb.DuckDBPyConnection) -> None:
    """Nobody puts a table of their own in the place of a view."""
    catalogue = attach_masks(con, "built", KEY)
    with pytest.raises(duckdb.Error):
        con.execute(f"create table {catalogue}.graph.mine as select 1")


@pytest.mark.parametrize("kind", [*personal_data().classes])
def test_a_mask_gives_no_guess_back(kind: str) -> None:
    """It holds nothing of the value, and without the key a right guess looks like a wrong one."""
    masks = {key: mask_of(PHONE, kind, key) for key in (KEY, OTHER)}
    assert len(set(masks.values())) == 2
    unkeyed = {hashlib.new(name, PHONE.encode()).hexdigest() for name in ("md5", "sha1", "sha256")}
    tail = masks[KEY].rpartition("…")[2]
    assert not any(tail in digest for digest in unkeyed)
    assert "812" not in masks[KEY].replace(tail, "")
    assert mask_of(f"{PHONE} ", kind, KEY) != masks[KEY]


def test_a_mask_is_known_by_its_look() -> None:
    """Short or whole; a text that is none keeps its look."""
    mask = mask_of("dev_1", "device", KEY)
    assert short_mask(mask) == f"dev_…{mask[-6:]}"
    assert class_of(mask) == class_of(short_mask(mask)) == "device"
    for text in ("dev_1", "Buyer …", "shop …123456", "dev_…zzzzzz"):
        assert class_of(text) is None
        assert short_mask(text) == text


def test_a_thing_of_unknown_kind_is_refused_not_shown(con: duckdb.DuckDBPyConnection) -> None:
    """A table whose things have no relation beside them has to be named in the list."""
    con.execute("create table built.graph.loose as select 'dev_1' as identifier_id")
    with pytest.raises(duckdb.BinderException):
        attach_masks(con, "built", KEY)


def test_what_is_of_nobody_is_no_expression() -> None:
    """As a text that several reviews have in common."""
    assert masked_columns("rings.scripts", ["thing_id", "node"], KEY) == {}
