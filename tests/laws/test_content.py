"""Words beside the policy, looked for again in delivered texts; and nothing acts on them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import pipeline
import queries
from queries.packs import packs
from sample_data.language.asides import ACCENTS, disguise
from sample_data.words import comments, mentions

if TYPE_CHECKING:
    import duckdb

    from tests.laws.delivered import Raw

LEXICON = "T14.L01_OFF_PLATFORM"
PAGE = "pages/investigate/passages"


def plain(text: str) -> str:
    """A text in small letters without marks, as NFKD parts them; enough for Latin phrases."""
    parted = unicodedata.normalize("NFKD", text.replace("\u200b", "")).casefold()
    latin = parted.translate(str.maketrans("аеорсух", "aeopcyx"))
    return "".join(one for one in latin if not unicodedata.combining(one))


def test_every_delivered_text_with_plain_words_is_there(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Phrases of one word in a row, looked for as texts in delivered comments and reviews."""
    [lexicon] = [one for pack in packs().values() for one in pack.lexicons if one.code == LEXICON]
    rows = {"comment": ("live_comments", "comment_id"), "review": ("reviews", "review_id")}
    expected = set()
    phrases = [plain(one) for one in lexicon.phrases if "..." not in one and one.isascii()]
    pattern = re.compile("|".join(rf"\b{re.escape(one)}\b" for one in phrases))
    for source, (table, key) in rows.items():
        for row in raw(table).filter(pl.col("body").is_not_null()).iter_rows(named=True):
            if pattern.search(plain(row["body"])):
                expected.add((source, row[key]))
    built = con.sql(
        "select distinct source, row_id from content.passages "
        f"where lexicon = '{LEXICON}' and source in ('comment', 'review')"
    ).fetchall()
    assert len(expected) > 40
    assert expected <= set(built)


def test_planted_offers_are_said_and_honest_mentions_are_not(
    raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Comment by comment of the delivered world, by the lists that it was written from."""
    offers = {line for pool in comments.PAYMENT for line in pool}
    offers |= {disguise(line, style) for line in offers for style in range(ACCENTS + 1)}
    asides = {
        line + ending
        for by_market in mentions.BY_RULE
        for pool in by_market
        for line in pool
        for ending in mentions.ENDINGS
    }
    said = "select row_id from content.passages where lexicon = $lexicon and mention is null"
    shown = {row for (row,) in con.execute(said, {"lexicon": LEXICON}).fetchall()}
    written = raw("live_comments").select("comment_id", "body").rows()
    planted = {row for row, body in written if body in offers}
    honest = {row for row, body in written if body in asides}
    assert min(len(planted), len(honest)) > 30
    assert planted <= shown
    assert not honest & shown


@pytest.mark.parametrize("entity_type", ["creator", "buyer", "merchant", "live_session"])
def test_a_page_holds_the_texts_of_its_subject(
    entity_type: str, raw: Raw, con: duckdb.DuckDBPyConnection
) -> None:
    """Of whom most is written: newest first, each marked where the delivered text has the words."""
    column = f"{entity_type}_id"
    most = f"select {column} from content.passages where {column} is not null"
    who = con.execute(f"{most} group by 1 order by count(*) desc, 1 limit 1").fetchall()[0][0]
    rows = queries.run(con, PAGE, entity_type=entity_type, entity_id=who, limit=1_000, offset=0)
    assert rows.height == rows["said_count"][0] + rows["cited_count"][0]
    assert rows["written_at"].is_sorted(descending=True)
    texts = dict(raw("live_comments").select("comment_id", "body").iter_rows())
    sessions = raw("live_sessions").select("live_session_id", "creator_id", "merchant_id")
    owners = raw("live_comments").join(sessions, on="live_session_id")
    own = set(owners.filter(pl.col(column) == who)["comment_id"])
    for row in rows.filter(pl.col("source") == "comment").iter_rows(named=True):
        assert row["row_id"] in own
        assert row["body"] == texts[row["row_id"]]
        for start, end in zip(row["starts"], row["ends"], strict=True):
            assert plain(row["body"][start:end]).strip() == plain(row["body"][start:end]) != ""


def test_nothing_but_the_page_reads_a_passage() -> None:
    """No score, signal, alert, ring or metric rests on a word."""
    readers = {
        name
        for name in queries.names()
        if any(table.startswith("content.") for table in queries.reads(name))
    }
    assert readers == {PAGE, "content/passages"}
    root = Path(str(pipeline.__file__)).parent
    code = [path for path in root.rglob("*.py") if "content." in path.read_text(encoding="utf-8")]
    named = {path.relative_to(root).parts[0] for path in code}
    assert named <= {"content", "build.py", "orchestration"}
