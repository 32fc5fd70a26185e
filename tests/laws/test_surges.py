"""Minutes in which the audience of a live room surges: found where they were planted."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest

import queries
from sample_data import WorldSettings, generate
from sample_data.export import live
from sample_data.period import engagement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEEDS = (21, 22, 23, 24, 25)
CLOCKWORK = 0.0
"""Jitter of machines that all come in their wave."""


@dataclass(frozen=True)
class Planted:
    """One small world: its minutes, and of each room how its audience was made to arrive."""

    con: duckdb.DuckDBPyConnection
    rooms: pl.DataFrame
    """live_session_id, begins (minute of the machines' first wave), jitter, farm, raid."""


@pytest.fixture(scope="module", params=SEEDS)
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A world of each seed, with what the generator tells nobody: when the machines come."""
    folder = tmp_path_factory.mktemp(f"surges-{request.param}") / "raw"
    with pytest.MonkeyPatch.context() as patch:
        told, names = _overhear(patch)
        generate(folder, WorldSettings(orders=8_000, seed=request.param, story_density=5.0))
    rooms = pl.concat(told).join(pl.concat(names).unique("session"), on="session")
    yield from _opened(folder, rooms)


def _overhear(patch: pytest.MonkeyPatch) -> tuple[list[pl.DataFrame], list[pl.DataFrame]]:
    arrive, export = engagement._audience, live.live_sessions
    told: list[pl.DataFrame] = []
    names: list[pl.DataFrame] = []

    def audience(rng: Any, rows: Any, sessions: pl.DataFrame, cells: Any) -> Any:
        made = arrive(rng, rows, sessions, cells)
        kinds = {name: getattr(made, name) for name in ("begins", "jitter", "farm", "raid")}
        told.append(pl.DataFrame({"session": sessions["session"], **kinds}))
        return made

    def delivered(sessions: pl.DataFrame, ids: Any) -> pl.DataFrame:
        table = export(sessions, ids)
        names.append(pl.DataFrame([sessions["session"], table["live_session_id"]]))
        return table

    patch.setattr(engagement, "_audience", audience)
    patch.setattr(live, "live_sessions", delivered)
    return told, names


def _opened(folder: Path, rooms: pl.DataFrame) -> Iterator[Planted]:
    with duckdb.connect() as con:
        con.execute("create schema staging")
        path = folder / "engagement_minutes.parquet"
        con.execute(f"create table staging.engagement_minutes as from read_parquet('{path}')")
        yield Planted(con, rooms)


def surges(one: Planted, room: str) -> list[int]:
    """Minutes in which the page says that a surge begins."""
    rows = queries.run(one.con, "pages/investigate/session_minutes", entity_id=room)
    return rows.filter("is_surge")["minute"].to_list()


def test_a_planted_minute_is_found_within_one(planted: Planted) -> None:
    """Of every room that machines fill at once, on each of five seeds."""
    clockwork = planted.rooms.filter((pl.col("farm") > 0.0) & (pl.col("jitter") == CLOCKWORK))
    assert len(clockwork) >= 2
    for row in clockwork.iter_rows(named=True):
        found = surges(planted, row["live_session_id"])
        assert any(abs(minute - row["begins"]) <= 1 for minute in found), row


def test_rooms_that_nobody_sends_viewers_to_have_no_surge(planted: Planted) -> None:
    """Not one in a hundred of the honest; another host's viewers do surge, and are told so."""
    quiet = planted.rooms.filter((pl.col("farm") == 0.0) & (pl.col("raid") == 0.0))
    wrong = [room for room in quiet["live_session_id"] if surges(planted, room)]
    assert len(wrong) <= 0.01 * len(quiet)


def test_a_surge_is_what_the_page_says_it_is(planted: Planted) -> None:
    """The stated rule, walked through minute by minute in rooms of both kinds."""
    rooms = planted.rooms.sort("farm", "raid", "live_session_id", descending=True)
    for room in rooms["live_session_id"][:25]:
        rows = queries.run(planted.con, "pages/investigate/session_minutes", entity_id=room)
        assert rows.filter("is_surge")["minute"].to_list() == _walked(rows["joins"].to_list())


def _walked(joins: list[int]) -> list[int]:
    steep: list[float | None] = []
    paces: list[float] = []
    for minute in range(len(joins)):
        before = joins[max(minute - 4, 0) : minute]
        usual = float(median(joins[max(minute - 20, 0) : minute + 21]))
        pace = max(mean(before), usual) if before else usual
        ahead = mean(joins[minute : minute + 4])
        paces.append(pace)
        noise = (ahead / 4 + pace / len(before) + 0.1) ** 0.5 if before else None
        steep.append((ahead - pace) / noise if noise else None)
    found = []
    for minute, value in enumerate(steep):
        near = [one for one in steep[max(minute - 6, 0) : minute + 7] if one is not None]
        ahead = mean(joins[minute : minute + 4])
        if (
            value is not None
            and value == max(near)
            and value >= 4
            and ahead >= 2 * paces[minute]
            and 4 * ahead >= 0.03 * sum(joins)
        ):
            found.append(minute)
    return found
