"""How many planted offers to pay elsewhere are shown as such, and how many honest mentions are.

The world says which comments are which: offers stand in the cue list of the generator, as typed
or in disguise, mentions in its list of asides. Sentences that nobody planted follow, set by set.

    python -m benchmarks.content RAW [RAW ...]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from benchmarks.content_sentences import SETS
from benchmarks.measuring import show
from benchmarks.seeds import TUNED, UNTUNED
from pipeline.content import matched_texts
from pipeline.inputs import ingest
from pipeline.settings.build import Settings
from queries.packs import packs
from sample_data import WorldSettings, generate
from sample_data.language.asides import ACCENTS, disguise
from sample_data.words import comments, mentions

if TYPE_CHECKING:
    from collections.abc import Collection

ORDERS = 30_000
LEXICON = "T14.L01_OFF_PLATFORM"
OFFERS = frozenset(line for pool in comments.PAYMENT for line in pool)
DISGUISED = frozenset(disguise(line, style) for line in OFFERS for style in range(ACCENTS + 1))
CITED = frozenset(
    line + ending
    for by_market in mentions.BY_RULE
    for pool in by_market
    for line in pool
    for ending in mentions.ENDINGS
)


@dataclass(frozen=True)
class Shown:
    """Comments of one kind: how many there are, and how many are shown as an offer."""

    total: int
    said: int

    def __str__(self) -> str:
        share = f" ({self.said / self.total:.0%})" if self.total else ""
        return f"{self.said} of {self.total}{share}"


def said(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Comments in which words of the lexicon are said and not only cited."""
    bodies = con.execute(
        f"select distinct body from {matched_texts.TABLE} "
        "where source = 'comment' and lexicon = $lexicon and mention is null",
        {"lexicon": LEXICON},
    ).fetchall()
    return {body for (body,) in bodies}


def counted(con: duckdb.DuckDBPyConnection, bodies: Collection[str], shown: set[str]) -> Shown:
    """The delivered comments whose text is one of `bodies`."""
    delivered = con.sql("select body from staging.live_comments").pl()["body"].to_list()
    kind = [body for body in delivered if body in bodies]
    return Shown(len(kind), sum(body in shown for body in kind))


def of_world(raw: Path) -> tuple[Shown, Shown, Shown]:
    """Offers as typed, offers in disguise, and mentions of a world's delivered comments."""
    with duckdb.connect() as con:
        con.execute("create schema staging")
        ingest.write(con, raw, None, lambda *_: None)
        matched_texts.write(con, Settings(), lambda *_: None)
        shown = said(con)
        return (
            counted(con, OFFERS, shown),
            counted(con, DISGUISED - OFFERS, shown),
            counted(con, CITED, shown),
        )


def of_sentences(texts: Collection[str]) -> Shown:
    """Of made-up sentences those that are shown as an offer."""
    [(pack, lexicon)] = [
        (pack, one) for pack in packs().values() for one in pack.lexicons if one.code == LEXICON
    ]
    owners = {LEXICON: (pack.code, lexicon)}
    rows = matched_texts.matched("comment", owners, texts)
    shown = set(rows.filter(pl.col("mention").is_null())["body"])
    return Shown(len(texts), sum(text in shown for text in texts))


def main(worlds: dict[str, Path]) -> None:
    """Print the figures of each world and of each set of sentences."""
    rows = [(name, *map(str, of_world(raw))) for name, raw in worlds.items()]
    note = f"Planted comments by what is shown as an offer. Never tuned on: {UNTUNED}."
    show("Words beside the policy", ("seed", "offers", "in disguise", "mentions"), rows, note)
    made_up = [
        (one.name, str(of_sentences(one.offers)), str(of_sentences(one.cites))) for one in SETS
    ]
    note = "The rule has learnt of the first two sets and not of the third."
    show("Sentences that nobody planted", ("set", "offers", "mentions"), made_up, note)


def run(folder: Path) -> None:
    """Worlds of `benchmarks.seeds`, generated."""
    worlds = {}
    for seed in (*TUNED, *UNTUNED):
        worlds[str(seed)] = folder / f"content-raw-{seed}"
        generate(worlds[str(seed)], WorldSettings(orders=ORDERS, seed=seed))
    main(worlds)


if __name__ == "__main__":
    main({one: Path(one) for one in sys.argv[1:]})
