"""The lists of the auditor's page on logs of people who work, and of a few who do something else.

The days are drawn, so that what is listed can be held against what was planted. Two of the five
seeds were looked at only after the rules were settled.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from dashboard.cases.privacy import privacy_rules
from dashboard.view_models.unusual_access import (
    behind,
    looks_at_many,
    looks_at_relations,
    looks_off_hours,
)

START = datetime(2026, 6, 1)  # noqa: DTZ001 - local to who works
DAYS = 60
ANALYSTS = 14
SETTLED_ON, HELD_OUT = (1, 2, 3), (4, 5)
ZONES = {
    f"analyst {number}": ("Asia/Jakarta", "Asia/Singapore")[number % 2] for number in range(14)
}
NIGHT = "analyst 13"
RULES = privacy_rules()


@dataclass
class Logged:
    """A drawn log, and whom it was planted for: person and local day by kind of misuse."""

    rows: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    planted: dict[str, set[tuple[str, object]]] = field(default_factory=dict)

    def look(self, at: datetime, person: str, subject: str) -> None:
        """One look at local time `at`."""
        hours = {"Asia/Jakarta": 7, "Asia/Singapore": 8}[ZONES[person]]
        self.rows.append((at - timedelta(hours=hours), person, "analyst", subject))

    def frame(self) -> pl.DataFrame:
        """The log as the casebook hands it over."""
        names = ["at", "actor", "role", "subject"]
        rows = pl.DataFrame(self.rows, schema=names, orient="row").with_columns(
            act=pl.lit("view"), page=pl.lit("investigate"), purpose=pl.lit(""), detail=pl.lit("")
        )
        return rows.with_columns(pl.col("at").cast(pl.Datetime("us")))


def days_of_work(seed: int) -> Logged:
    """Sixty days of fourteen analysts: one works nights; some are misused, a day here and there."""
    rng, log = np.random.default_rng(seed), Logged()
    pace = rng.lognormal(np.log(35.0), 0.25, ANALYSTS)
    for day in range(DAYS):
        date = START + timedelta(days=day)
        if date.isoweekday() > 5:
            continue
        for number, person in enumerate(ZONES):
            if rng.random() < 0.08:  # away
                continue
            subjects = int(rng.poisson(pace[number] * rng.lognormal(0.0, 0.25)))
            subjects *= 2 if rng.random() < 0.04 else 1  # a large ring
            first = 22.0 if person == NIGHT else 8.0 + rng.random()
            for hour in first + rng.random(subjects) * 8.5:
                log.look(date + timedelta(hours=float(hour)), person, _subject(rng))
            if person != NIGHT and rng.random() < 0.03:  # stays late
                for hour in 20.0 + 2.0 * rng.random(int(rng.integers(1, 7))):
                    log.look(date + timedelta(hours=float(hour)), person, _subject(rng))
    _plant(log, rng)
    return log


def _plant(log: Logged, rng: np.random.Generator) -> None:
    days = [day for day in range(15, DAYS) if (START + timedelta(days=day)).isoweekday() < 6]
    for kind, size in (("hour", (90, 200)), ("day", (180, 350)), ("night", (4, 15))):
        for _ in range(4):
            person = f"analyst {rng.integers(0, ANALYSTS - 1)}"
            date = START + timedelta(days=int(rng.choice(days)))
            first, length = {"hour": (11.0, 0.9), "day": (8.2, 9.0), "night": (1.0, 3.0)}[kind]
            for hour in first + rng.random(int(rng.integers(*size))) * length:
                log.look(date + timedelta(hours=float(hour)), person, _subject(rng))
            log.planted.setdefault(kind, set()).add((person, date.date()))


def _subject(rng: np.random.Generator) -> str:
    return f"buyer:buy_{rng.integers(0, 60_000):06d}"


def _listed(seed: int) -> tuple[int, int, int, int]:
    """Planted and of them listed; honest person-days and of them listed."""
    log = days_of_work(seed)
    frame = log.frame()
    many = looks_at_many(frame, RULES.unusual)
    off = looks_off_hours(frame, RULES.office, ZONES, RULES.unusual)
    local = many.with_columns(day=(pl.col("since") + pl.duration(hours=7)).dt.date())
    found = {*local.select("actor", "day").iter_rows(), *off.select("actor", "day").iter_rows()}
    planted = set().union(*log.planted.values())
    worked = frame.with_columns(day=(pl.col("at") + pl.duration(hours=7)).dt.date())
    honest = {*worked.select("actor", "day").unique().iter_rows()} - planted
    return len(planted), len(planted & found), len(honest), len(honest & found)


@pytest.mark.parametrize("seed", [*SETTLED_ON, *HELD_OUT])
def test_what_was_planted_is_listed_and_hardly_anybody_else(seed: int) -> None:
    """Of twelve planted days nearly all; of some 500 honest ones a handful."""
    planted, listed, honest, blamed = _listed(seed)
    sys.stdout.write(f"seed {seed}: {listed} of {planted} planted, {blamed} of {honest} honest\n")
    assert listed >= planted - 1
    assert blamed <= honest * 0.03


def test_a_look_at_a_relation_is_listed_with_its_entries() -> None:
    """However the name is spelt; whoever else looks at the same subject is not."""
    rows = [
        (START, "Lea Tan", "approver", "buyer:b1"),
        (START + timedelta(hours=1), "Lea Tan", "approver", "buyer:b2"),
        (START + timedelta(hours=2), "bob", "analyst", "buyer:b1"),
        (START + timedelta(hours=3), "Lea Tan", "approver", "buyer:b1"),
    ]
    log = Logged(rows).frame()
    related = pl.DataFrame({"person": ["lea tan"], "subject": ["buyer:b1"], "how": ["Own account"]})
    listed = looks_at_relations(log, related)
    assert listed.select("actor", "subject", "how", "acts").rows() == [
        ("Lea Tan", "buyer:b1", "Own account", 2)
    ]
    entries = behind(log, listed.row(0, named=True))
    assert entries.select("actor", "subject").rows() == [("Lea Tan", "buyer:b1")] * 2
    assert looks_at_many(log, RULES.unusual).is_empty()
