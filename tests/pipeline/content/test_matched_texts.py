"""The table of matched texts: its columns, its places, and what a complaint is."""

from __future__ import annotations

import duckdb
import polars as pl

import queries
from pipeline.content.matched_texts import COLUMNS, LONGEST_TEXT, WRITTEN, matched, write
from pipeline.settings.build import Settings
from queries.pack_models import Lexicon
from queries.vocabulary import TEXT_SOURCES

TOY = Lexicon(
    code="T99.L01", clause="No toys", sources=("comment", "complaint"), phrases=("toy", "doll")
)
OWNERS = {TOY.code: ("T99_TOY", TOY)}


def test_each_place_is_a_row() -> None:
    """Two words of one text are two rows, and a text without any is none."""
    rows = matched("comment", OWNERS, ["a toy and a doll", "nothing", "no dolls"])
    assert rows.select("body", "span_start", "span_end", "mention").rows() == [
        ("a toy and a doll", 2, 5, None),
        ("a toy and a doll", 12, 16, None),
    ]
    assert rows["clause"].unique().to_list() == ["No toys"]


def test_a_complaint_tells_of_somebody_else() -> None:
    """Whatever its words."""
    rows = matched("complaint", OWNERS, ["they sell a toy"])
    assert rows.select("mention", "cue").rows() == [("report", None)]


def test_the_end_of_an_endless_text_is_not_read() -> None:
    """It is cut before it is searched, and kept whole."""
    text = "x" * LONGEST_TEXT + " toy"
    assert matched("comment", OWNERS, [text]).is_empty()
    assert matched("comment", OWNERS, ["toy " + text])["body"].to_list() == ["toy " + text]


def test_every_source_is_somewhere() -> None:
    """No source that a pack may name is read nowhere."""
    assert set(WRITTEN) == set(TEXT_SOURCES)


def test_a_world_without_packs_has_an_empty_table() -> None:
    """The table stands with its columns."""
    with duckdb.connect() as con:
        write(con, Settings(), lambda *_: None, packs_in_use=[])
        assert queries.row_count(con, "content.matched_texts") == 0
        described = con.execute("describe content.matched_texts").fetchall()
        assert {str(row[0]): str(row[1]).lower() for row in described} == COLUMNS


def test_the_built_table_is_what_its_columns_say(con: duckdb.DuckDBPyConnection) -> None:
    """One row per place, each inside its text."""
    rows: pl.DataFrame = con.sql("select * from content.matched_texts").pl()
    assert rows.columns == list(COLUMNS)
    assert rows.height > 20
    assert rows.select("source", "body", "lexicon", "span_start").is_unique().all()
    inside = (pl.col("span_start") >= 0) & (pl.col("span_end") <= pl.col("body").str.len_chars())
    assert rows.filter(~inside | (pl.col("span_start") >= pl.col("span_end"))).is_empty()
