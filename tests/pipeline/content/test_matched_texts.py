"""The table of matched texts: its columns, its places, and what a complaint is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

import queries
from pipeline.content import matched_texts
from pipeline.content.matched_texts import COLUMNS, LONGEST_TEXT, WRITTEN, matched, write
from pipeline.settings.build import Settings
from queries.pack_models import Lexicon
from queries.vocabulary import TEXT_SOURCES
from tests.packs import pack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import TypeAlias

    import pytest

    Owners: TypeAlias = dict[str, tuple[str, Lexicon]]

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


TABLES = dict.fromkeys(("listing_versions", "products", "live_sessions"), "title varchar") | {
    "videos": "title varchar",
    "live_comments": "body varchar",
    "reviews": "body varchar",
    "refunds": "claim_text varchar",
    "complaints": "body varchar",
}


def built(con: duckdb.DuckDBPyConnection, comments: list[str], earlier: Path | None) -> None:
    """The table of a marketplace with these comments and nothing else written."""
    con.execute("create schema staging")
    for table, columns in TABLES.items():
        con.execute(f"create table staging.{table} ({columns})")
    con.register("own", pl.DataFrame({"body": comments}))
    con.execute("insert into staging.live_comments from own")
    toys = pack("T99_TOY", ("order_count_30d >= 0", 0.1)).model_copy(update={"lexicons": [TOY]})
    write(con, Settings(), lambda *_: None, [toys], earlier)


def test_a_text_is_searched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next build reads new texts only, drops those not delivered again, and says the same."""
    path = tmp_path / "earlier.duckdb"
    with duckdb.connect(str(path)) as con:
        built(con, ["a toy", "gone doll", "nothing"], None)
    today = ["a toy", "nothing", "new toy and doll"]
    with duckdb.connect() as con:
        built(con, today, None)
        whole = con.sql("from content.matched_texts").pl()
    read = list[str]()

    def spied(source: str, owners: Owners, texts: Iterable[str]) -> pl.DataFrame:
        own = list(texts)
        read.extend(own)
        return matched(source, owners, own)

    monkeypatch.setattr(matched_texts, "matched", spied)
    with duckdb.connect() as con:
        built(con, today, path)
        assert con.sql("from content.matched_texts").pl().equals(whole)
    assert read == ["new toy and doll"]
    assert whole.height == 3
