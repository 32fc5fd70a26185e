"""The tour's stories fit the queries and packs they name, and find somebody in real data."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import queries
from dashboard.state import INVESTIGATE_TABS
from dashboard.view_models.tour import CANDIDATES, placeholders
from queries import tours
from queries.catalogue import features
from queries.packs import packs
from queries.tours import Story, tour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import polars as pl

STORIES = tour().stories
EVERY = pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])


def columns(name: str) -> set[str]:
    """The columns a query declares."""
    return {column.name for column in queries.get(name).returns}


def cases(con: duckdb.DuckDBPyConnection, story: Story) -> pl.DataFrame:
    """The clearest cases of a story, with their figures."""
    return queries.run(con, story.figures, limit=CANDIDATES)


def subject(con: duckdb.DuckDBPyConnection, story: Story, **changes: Any) -> pl.DataFrame:
    """The subject of a story in every market, unless `changes` says otherwise."""
    params: dict[str, Any] = {
        "entity_type": story.entity_type,
        "entity_ids": cases(con, story)["entity_id"].to_list(),
        "typology": story.typology,
        "markets": [],
    }
    return queries.run(con, "pages/tour/subject", **{**params, **changes})


# ---------------------------------------------------------------- the file


def test_five_stories_each_about_another_typology() -> None:
    """Five stops, five typologies, and a note that ends them."""
    assert len({story.typology for story in STORIES}) == len(STORIES) == 5
    assert "look-alike" in tour().closing.title


@EVERY
def test_a_story_says_only_what_its_queries_return(story: Story) -> None:
    """Every word in braces is a column of the story's queries."""
    words = {word for notice in story.notices for word in placeholders(notice.text)}
    assert words <= columns(story.figures)
    assert set(placeholders(story.planted)) <= columns("pages/tour/days")
    assert set(placeholders(story.look_alike.text)) <= columns(story.look_alike.query)
    assert not set(placeholders(story.happened + story.title + story.who))


@EVERY
def test_a_story_points_at_what_exists(story: Story) -> None:
    """Its pack, entity type, tabs and features are those of the app."""
    assert story.entity_type in packs()[story.typology].entity_types
    tabs = {story.tab, story.look_alike.tab, *(notice.tab for notice in story.notices)}
    assert tabs <= set(INVESTIGATE_TABS)
    shown = {notice.feature for notice in story.notices if notice.feature}
    assert shown <= set(features(story.entity_type))
    assert all(notice.tab == "why" for notice in story.notices if notice.feature)
    assert len(story.clears) >= 2


def test_no_subject_is_written_down() -> None:
    """Neither the stories nor their queries hold an id of anybody."""
    folder = queries.ROOT / "pages" / "tour"
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    assert not [ident for text in texts for ident in re.findall(r"\b[a-z]{3}_\d{3,}", text)]


@pytest.fixture
def stories_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the stories that a test may break."""
    copy = tmp_path / "stories.toml"
    copy.write_text(tours.STORIES.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(tours, "STORIES", copy)
    tour.cache_clear()
    yield copy
    tour.cache_clear()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[closing]", "[closing", "is not TOML"),
        ("first_day = 40", "first_hour = 40", "first_hour"),
        ('entity_type = "merchant"', 'entity_type = "shop"', "'shop'"),
        ('tab = "why", feature', 'room = "why", feature', "room"),
    ],
)
def test_a_broken_file_is_named(stories_file: Path, before: str, after: str, said: str) -> None:
    """The error says which file, what was found and that it has to be mended."""
    text = stories_file.read_text(encoding="utf-8")
    stories_file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(queries.QueryError, match=re.escape(said)) as caught:
        tour()
    assert str(stories_file) in str(caught.value)
    assert "Mend the file" in str(caught.value)


# ---------------------------------------------------------------- the data


@EVERY
def test_every_story_finds_somebody(con: duckdb.DuckDBPyConnection, story: Story) -> None:
    """The subject is one of the story's cases, each of which is measured once."""
    measured = cases(con, story)
    assert measured["entity_id"].is_unique().all()
    chosen = subject(con, story)
    assert chosen["entity_type"].to_list() == [story.entity_type]
    assert chosen["entity_id"][0] in measured["entity_id"].to_list()


@EVERY
def test_one_with_an_open_alert_of_the_kind_goes_first(
    con: duckdb.DuckDBPyConnection, story: Story
) -> None:
    """If any case has one, the subject does; if none of that kind, any alert comes next."""
    sql = "select entity_id, typology from alerts.alerts where entity_type = $kind"
    alerts = dict(con.execute(sql, {"kind": story.entity_type}).fetchall())
    kinds = {alerts.get(entity) for entity in cases(con, story)["entity_id"]}
    chosen = subject(con, story).row(0, named=True)
    if story.typology in kinds:
        assert chosen["typology"] == story.typology
        assert chosen["opened_on"] is not None
    elif kinds - {None}:
        assert chosen["typology"] is not None


def test_among_equals_the_order_of_the_list_decides(con: duckdb.DuckDBPyConnection) -> None:
    """Of shops without an alert the first of the list is shown."""
    sql = """
        select entity_id from graph.entities
        where entity_type = 'merchant'
            and entity_id not in (select a.entity_id from alerts.alerts as a)
        order by entity_id limit 3
    """
    ids = [str(row[0]) for row in con.execute(sql).fetchall()]
    story = STORIES[0]
    for order in (ids, ids[::-1]):
        assert subject(con, story, entity_ids=order)["entity_id"].to_list() == order[:1]
    assert subject(con, story, entity_ids=[]).is_empty()


def test_the_days_of_a_story_count_from_the_first_day(con: duckdb.DuckDBPyConnection) -> None:
    """Day 0 is the first day of the data."""
    first = queries.scalar(con, "select min(day) from staging.orders")
    row = queries.run(con, "pages/tour/days", first_day=0, last_day=12).row(0)
    assert row == (first, first + timedelta(days=12))


@EVERY
def test_nobody_of_another_market_is_shown(con: duckdb.DuckDBPyConnection, story: Story) -> None:
    """A viewer's markets narrow the search; without one of theirs there is no subject."""
    market = subject(con, story)["market"][0]
    assert subject(con, story, markets=[market])["market"].to_list() == [market]
    assert subject(con, story, markets=["-"]).is_empty()


@EVERY
def test_a_case_is_measured(con: duckdb.DuckDBPyConnection, story: Story) -> None:
    """Its days are in order and within the data, its figures never negative."""
    last = queries.scalar(con, "select max(day) from staging.orders")
    for row in cases(con, story).iter_rows(named=True):
        assert row["from_day"] <= row["to_day"] <= last
        assert all(value >= 0 for value in row.values() if isinstance(value, int | float))


PARTS = [
    ("T1_BRUSHING", "light_parcels", "parcels"),
    ("T1_BRUSHING", "fast_five_stars", "reviews"),
    ("T1_BRUSHING", "shared_buyers", "buyers"),
    ("T3_INCENTIVE_ABUSE", "tight_orders", "voucher_orders"),
    ("T3_INCENTIVE_ABUSE", "devices", "orders"),
    ("T4_AFFILIATE_FRAUD", "late_refunds", "refunds"),
    ("T4_AFFILIATE_FRAUD", "late_buyers", "buyers"),
    ("T9_REFUND_ABUSE", "refunds", "orders"),
    ("T9_REFUND_ABUSE", "light_returns", "weighed_returns"),
]


@pytest.mark.parametrize(("typology", "part", "whole"), PARTS)
def test_a_part_is_at_most_its_whole(
    con: duckdb.DuckDBPyConnection, typology: str, part: str, whole: str
) -> None:
    """`{part} of {whole}` reads sensibly, and there is something to read."""
    story = next(story for story in STORIES if story.typology == typology)
    figures = cases(con, story).select(part, whole)
    assert (figures[part] <= figures[whole]).all()
    assert figures[part].max() > 0


def test_who_tries_sizes_is_no_serial_refunder(con: duckdb.DuckDBPyConnection) -> None:
    """What makes the last story's case and what clears its twin exclude each other."""
    story = STORIES[4]
    twins = queries.run(con, story.look_alike.query, limit=1_000)["entity_id"]
    assert not set(twins) & set(cases(con, story)["entity_id"])


@EVERY
def test_a_look_alike_is_in_good_standing(con: duckdb.DuckDBPyConnection, story: Story) -> None:
    """It scores low, nobody found it bad, and it has no open alert."""
    alike = story.look_alike
    day = {"day": alike.day} if alike.day else {}
    candidates = queries.run(con, alike.query, limit=alike.candidates, **day)
    assert candidates["entity_id"].is_unique().all()
    ids = candidates["entity_id"].to_list()
    asked = {"entity_type": alike.entity_type, "entity_ids": ids}
    chosen = queries.run(con, "pages/tour/clean_candidate", **asked, markets=[])
    if chosen.is_empty():
        return
    who = {"kind": alike.entity_type, "id": chosen["entity_id"][0]}
    assert who["id"] in ids
    assert chosen["score_band"][0] == "LOW"
    for table, more in (("staging.labels", "and label = 'bad'"), ("alerts.alerts", "")):
        sql = f"select count(*) from {table} where entity_type = $kind and entity_id = $id {more}"
        assert queries.scalar(con, sql, who) == 0
    assert queries.run(con, "pages/tour/clean_candidate", **asked, markets=["-"]).is_empty()


def test_a_cleared_look_alike_is_preferred(con: duckdb.DuckDBPyConnection) -> None:
    """Of two the one that a reviewer found good is shown, whatever their order."""
    sql = """
        select s.entity_id, max(l.label) = 'good' as is_cleared
        from scores.scores as s
        inner join facts.snapshots as n
            on s.entity_type = n.entity_type and s.as_of = n.as_of and n.is_latest
        left join staging.labels as l
            on s.entity_type = l.entity_type and s.entity_id = l.entity_id
        where s.entity_type = 'merchant' and s.score_band = 'LOW'
        group by s.entity_id having count(*) filter (where l.label = 'bad') = 0
        order by s.entity_id
    """
    rows = con.execute(sql).fetchall()
    unknown = next(str(entity) for entity, is_cleared in rows if is_cleared is None)
    cleared = next(str(entity) for entity, is_cleared in rows if is_cleared)
    found = queries.run(
        con,
        "pages/tour/clean_candidate",
        entity_type="merchant",
        entity_ids=[unknown, cleared],
        markets=[],
    )
    assert found["entity_id"].to_list() == [cleared]
    assert found["cleared_on"][0] is not None
