"""Names of buyers in what people wrote; of a whole build: tests/laws/test_personal_data.py."""

from __future__ import annotations

import duckdb

import queries
from pipeline.content.named_texts import COLUMNS, write
from queries.personal_data import NAMED_TEXTS


def test_a_delivery_without_texts_has_an_empty_table() -> None:
    """Of scores that came alone nobody is named."""
    with duckdb.connect() as con:
        con.execute("create schema staging; create schema content")
        con.execute("create table staging.buyers (buyer_id varchar, name varchar)")
        write(con, lambda *_: None)
        described = con.execute(f"describe {NAMED_TEXTS}").fetchall()
        assert {str(row[0]): str(row[1]).lower() for row in described} == COLUMNS
        assert queries.row_count(con, NAMED_TEXTS) == 0


def test_each_text_and_name_is_one_row() -> None:
    """However often a text stands, and whether its writer or somebody else is named."""
    with duckdb.connect() as con:
        con.execute("create schema staging; create schema content; create schema facts")
        con.execute("""
            create table staging.buyers as from (values
                ('b1', 'Mia Tan'), ('b2', 'Ola Ek')
            ) as t (buyer_id, name);
            create table staging.reviews as from (values
                ('r1', 'mia saw Ola Ek'), ('r2', 'mia saw Ola Ek'), ('r3', 'fine')
            ) as t (review_id, body);
            create table facts.review_facts as
            select *, 'b1' as buyer_id from staging.reviews
        """)
        write(con, lambda *_: None)
        rows = con.execute(f"from {NAMED_TEXTS}").fetchall()
        assert sorted(rows) == [("mia saw Ola Ek", "Mia"), ("mia saw Ola Ek", "Ola Ek")]
