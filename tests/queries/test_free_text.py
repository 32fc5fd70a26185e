"""What people wrote is shown without what gives a person away, sign by sign."""

from __future__ import annotations

import duckdb
import pytest

from queries.free_text import SIGN, hidden_forms, hidden_text, without_names
from queries.personal_data import attach_masks

PLANTED = {
    "mail me a.b+c@mail.example.com now": "a.b+c@mail.example.com",
    "write to name (at) gmail.com": "name (at) gmail.com",
    "WA +62 812-3456-7890 ok": "+62 812-3456-7890",
    "no 0812 3456 7890!": "0812 3456 7890",
    "ring 8123 4567 after six": "8123 4567",
    "card 4111 1111 1111 1111 was charged": "4111 1111 1111 1111",
    "to DE89 3704 0044 0532 0130 00 please": "DE89 3704 0044 0532 0130 00",
    "０８１２３４５６７８９０": "０８１２３４５６７８９０",
    "0\u200b8\u200b1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7\u200b8": "8\u200b1",
    "'; drop table x; -- a@b.co": "a@b.co",
    "signed in from 203.0.113.9 at noon": "203.0.113.9",
    "from ２０３.０.１１３.９ again": "２０３.０.１１３.９",
    "via 2001:db8::8a2e:370:7334, twice": "2001:db8::8a2e:370:7334",
    "อีเมล สมชาย@ตัวอย่าง.ไทย นะ": "สมชาย@ตัวอย่าง.ไทย",
    "โทร ๐๘๑-๒๓๔-๕๖๗๘ ได้": "๐๘๑-๒๓๔-๕๖๗๘",
    "電話は090-1234-5678です": "090-1234-5678",
    f"to kim@{'x' * 90}.{'y' * 70}.com now": f"kim@{'x' * 90}.{'y' * 70}.com",
}
HARMLESS = (
    "arrived on 2026-04-01, size 42, 25 000 and 150.000",
    "ord_0000012345678 is late",
    "model-2 goes live at 12:30:45, version 1.2.3, ratio 3:4",
    "Rp 150.000, diskon 50%, beli 2 gratis 1 ya kak",
    "ราคา 1,290 บาท ส่งฟรี 24 ชม. ของแท้ 100%",
    "送料無料、サイズは24.5cm、2026年4月1日発売",
    "aaaa@ and @home",
    "(.*)+$ \\1 \x00 {{}}",
    "",
)


def by_sql(text: str | None) -> str | None:
    """The same by the expression of the views."""
    query = f"select {hidden_forms('$text::varchar')}"
    row = duckdb.execute(query, {"text": text}).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("text", [*PLANTED, *HARMLESS])
def test_what_has_the_form_of_personal_data_is_hidden(text: str) -> None:
    """A text keeps its length, so that places in it stay; database and Python agree."""
    hidden = hidden_text(text)
    assert hidden == by_sql(text)
    assert len(hidden) == len(text)
    if text in PLANTED:
        assert PLANTED[text] not in hidden
        assert SIGN in hidden
    else:
        assert hidden == text


def test_null_stays_null() -> None:
    """Nobody wrote anything."""
    assert by_sql(None) is None


@pytest.mark.parametrize(
    ("text", "parts", "shown"),
    [
        ("by MIA  tan, not Mia-Tan.", ["Mia Tan"], "by ••••••••, not •••••••."),
        ("mia, MIA TAN says tan", ["Mia Tan", "Mia", "Tan"], "•••, ••••••• says •••"),
        ("miami in tango", ["Mia", "Tan"], "miami in tango"),
        ("我是王小明 ok", ["王小明"], "我是••• ok"),
        ("x a.*+( y", ["a.*+("], "x ••••• y"),
    ],
)
def test_a_name_is_hidden_as_a_word(text: str, parts: list[str], shown: str) -> None:
    """Whole and by its parts, whatever signs it is made of."""
    assert without_names(text, parts) == shown


def test_the_writers_own_name_is_hidden_in_every_table() -> None:
    """Wherever the same text stands, also where no account stands beside it."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as built")
        for schema in ("staging", "facts", "content"):
            con.execute(f"create schema built.{schema}")
        con.execute("""
            create table built.staging.buyers as from (values
                ('b1', 'Mia Tan'), ('b2', 'Ola Ek')
            ) as t (buyer_id, name)
        """)
        con.execute("""
            create table built.facts.review_facts as from (values
                ('b1', 'Mia Tan here, call 0812 3456 7890'), ('b2', 'Tan shoes, fine'), ('b2', null)
            ) as t (buyer_id, body)
        """)
        con.execute("""
            create table built.content.matched_texts as
            select body, 'T1' as typology from built.facts.review_facts
        """)
        con.execute(
            "create table built.staging.reviews as select body from built.facts.review_facts"
        )
        catalogue = attach_masks(con, "built", "0" * 32)
        for table in ("facts.review_facts", "content.matched_texts"):
            rows = con.execute(f"select body from {catalogue}.{table}").fetchall()
            assert set(rows) == {
                ("Tan shoes, fine",),
                ("••••••• here, call ••••••••••••••",),
                (None,),
            }


def test_the_name_of_any_buyer_is_hidden_in_any_text() -> None:
    """Whoever wrote it and in whatever script; words, shops and creators stay as they are."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as built")
        for schema in ("staging", "facts", "graph"):
            con.execute(f"create schema built.{schema}")
        con.execute("""
            create table built.staging.buyers as from (values
                ('b1', 'Mia Tan'), ('b2', 'rose'), ('b3', 'สมชาย ใจดี'), ('b4', '王小明'),
                ('b5', 'Siti Nur Aini'), ('b6', 'Live Now'), ('b7', '山本 花子')
            ) as t (buyer_id, name)
        """)
        con.execute("""
            create table built.graph.entities as from (values
                ('buyer', 'Mia Tan'), ('creator', 'Live Now')
            ) as t (entity_type, name)
        """)
        con.execute("""
            create table built.staging.reviews (body varchar);
            create table built.staging.live_comments (buyer_id varchar, body varchar);
            create table built.facts.comment_facts (buyer_id varchar, body varchar)
        """)
        con.executemany("insert into built.staging.reviews values (?)", [[one] for one in BODIES])
        for table in ("staging.live_comments", "facts.comment_facts"):
            con.execute(f"insert into built.{table} values ('b2', 'mia tan sent me')")
        catalogue = attach_masks(con, "built", "0" * 32)
        rows = con.execute(f"select body from {catalogue}.staging.reviews").fetchall()
        assert sorted(body for (body,) in rows) == sorted(BODIES.values())
        told = con.execute(f"select body from {catalogue}.facts.comment_facts").fetchall()
        assert told == [("••••••• sent me",)]


def test_what_the_build_has_looked_for_is_not_looked_for_again() -> None:
    """The names in texts are those of its table, whatever buyers are called."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as built")
        con.execute("create schema built.staging; create schema built.content")
        con.execute("""
            create table built.staging.buyers as select 'b1' as buyer_id, 'Mia Tan' as name;
            create table built.staging.complaints as select 'b1' as buyer_id, 'Mia and Ola' as body;
            create table built.content.named_texts as select 'Mia and Ola' as body, 'Ola' as part
        """)
        catalogue = attach_masks(con, "built", "0" * 32)
        shown = con.execute(f"from {catalogue}.staging.complaints").fetchall()
        assert shown == [("b1", "Mia and •••")]
        listed = con.execute(f"from {catalogue}.content.named_texts").fetchall()
        assert [(body, part[:7]) for body, part in listed] == [("Mia and •••", "Buyer …")]


BODIES = {
    "ask Mia Tan about it": "ask ••••••• about it",
    "Mia said tan suits me": "Mia said tan suits me",
    "a rose by any name": "a rose by any name",
    "โอนให้สมชาย ใจดีแล้วค่ะ": "โอนให้••••••••••แล้วค่ะ",
    "我和王小明一起买的": "我和•••一起买的",
    "barang siti nur aini bagus": "barang ••••••••••••• bagus",
    "siti nur bagus": "siti nur bagus",
    "model-2 goes live now": "model-2 goes live now",
    "山本 花子さんに送りました": "•••••さんに送りました",
    "山本さんに送りました": "山本さんに送りました",
}
"""What was written, and what of it is shown."""
