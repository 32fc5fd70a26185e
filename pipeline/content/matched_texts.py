"""Texts that hold words of a lexicon: one row for each place of each distinct text.

SQL cannot fold a text and keep the places of its signs, so the search is done here, once for
texts that are alike; whose they are is `queries/content/passages.sql`. Nothing here is a score
and nothing acts: a passage is shown beside the clause it may break.

What is in a text depends on the text and the lexicons alone, so texts that an earlier build with
the same lexicons has searched are not searched again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from pipeline.content.phrases import PhraseSearch
from pipeline.tables import append, batches, query
from queries.packs import folder_of, packs
from queries.vocabulary import TEXT_SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import duckdb

    from pipeline.settings.build import Settings
    from queries.pack_models import Lexicon, Pack

TABLE = "content.matched_texts"
COLUMNS = {
    **dict.fromkeys(("source", "body", "typology", "lexicon", "clause"), "varchar"),
    **dict.fromkeys(("span_start", "span_end"), "bigint"),
    **dict.fromkeys(("mention", "cue"), "varchar"),
}
"""Columns of the table, one row per (source, body, lexicon, span_start). Signs `span_start` to
before `span_end` of `body`, counted from 0, are words of the lexicon. `mention` is why they are
only cited there (quote, report, warning, policy, question), `cue` the words that show it; both
null = they are said."""
_SCHEMA = {name: pl.Int64 if type_ == "bigint" else pl.String for name, type_ in COLUMNS.items()}
_ORDER = ("body", "lexicon", "span_start")
WRITTEN = {
    "title": "select distinct title as body from staging.listing_versions union"
    " select title from staging.products",
    "live_title": "select distinct title as body from staging.live_sessions",
    "video_title": "select distinct title as body from staging.videos",
    "comment": "select distinct body from staging.live_comments",
    "review": "select distinct body from staging.reviews",
    "claim": "select distinct claim_text as body from staging.refunds",
    "complaint": "select distinct body from staging.complaints",
}
"""Where the texts of each source stand."""
LONGEST_TEXT = 20_000
"""Signs of a text that are read: no person wrote a longer one for another."""
ROWS_AT_ONCE = 100_000
_REPORTS = "complaint"
"""A complaint tells what somebody else did, whatever words it has."""


def write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    on_progress: Callable[[str, int], None],
    packs_in_use: Iterable[Pack] | None = None,
    earlier: Path | None = None,
) -> None:
    """Make `content.matched_texts`; `packs_in_use` may replace the packs of the settings.

    `earlier` is a file of the same recipe, whose rows stand for the texts that it has read.
    """
    own_packs = packs(folder_of(settings.packs_folder)).values()
    in_use = list(own_packs if packs_in_use is None else packs_in_use)
    columns = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS.items())
    con.execute("create schema if not exists content")
    con.execute(f"create or replace table {TABLE} ({columns})")
    rows = 0
    for source in TEXT_SOURCES:
        owners = {
            lexicon.code: (pack.code, lexicon)
            for pack in in_use
            for lexicon in pack.lexicons
            if source in lexicon.sources
        }
        if owners:
            searched, standing = _searched(con, source, earlier)
            found = matched(source, owners, _texts(con, source, searched))
            rows += append(con, TABLE, pl.concat([standing, found]).sort(_ORDER))
    on_progress(TABLE, rows)


def _searched(
    con: duckdb.DuckDBPyConnection, source: str, earlier: Path | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The texts of a source that an earlier build read, and its rows of those delivered again."""
    if earlier is None:
        return pl.DataFrame(schema={"body": pl.String}), pl.DataFrame(schema=_SCHEMA)
    with queries.connect(earlier) as served:
        searched = query(served, WRITTEN[source])
        rows = query(served, f"select * from {TABLE} where source = $source", source=source)
    con.register("_rows", rows)
    again = f"select r.* from _rows as r semi join ({WRITTEN[source]}) as t on r.body = t.body"
    standing = query(con, again)
    con.unregister("_rows")
    return searched, standing.select(pl.col(name).cast(type_) for name, type_ in _SCHEMA.items())


def _texts(con: duckdb.DuckDBPyConnection, source: str, searched: pl.DataFrame) -> Iterator[str]:
    """The texts of a source without those searched already."""
    con.register("_searched", searched)
    new = f"select t.body from ({WRITTEN[source]}) as t anti join _searched as s on t.body = s.body"
    for piece in batches(con, new, ROWS_AT_ONCE):
        yield from piece["body"].drop_nulls()
    con.unregister("_searched")


def matched(
    source: str, owners: dict[str, tuple[str, Lexicon]], texts: Iterable[str]
) -> pl.DataFrame:
    """Rows of the table for texts of a source; `owners` are typology and lexicon by its code."""
    search = PhraseSearch.of([lexicon for _, lexicon in owners.values()])
    rows = []
    for text in texts:
        for span in search.spans(text[:LONGEST_TEXT]):
            typology, lexicon = owners[span.code]
            rule, cue = (span.mention.rule, span.mention.cue) if span.mention else (None, None)
            if source == _REPORTS:
                rule, cue = "report", None
            rows.append(
                (
                    *(source, text, typology, span.code, lexicon.clause),
                    *(span.start, span.end, rule, cue),
                )
            )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(_ORDER)
