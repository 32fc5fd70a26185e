"""What is noticed of what the sample worlds plant, how early, and how often for nothing.

A movement is borne out when less than half of it is left without the orders of whoever the truth
names (`benchmarks.noticing_truth`), or when an event of the calendar is known to make it. What one
honest seller made happened, but nobody has to do anything: it is counted apart. Whatever else is
named is a false alarm. Of each event of the planted timeline: days until the first evening on
which it shows, days until a metric that waits for labels or maturity shows it, and its place among
all that moved in its days.

    python -m benchmarks.noticing RAW=BUILD [RAW=BUILD ...]
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.noticing_truth import ONE_SELLER, explained_by, planted_orders, rings
from benchmarks.seeds import ORDERS, TUNED, UNTUNED
from pipeline.build import Order, build
from pipeline.settings.build import DATABASE
from pipeline.settings.noticing import NoticingSettings
from queries.registry import kpis
from sample_data import WorldSettings, generate
from sample_data.kit import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

_START = WorldSettings().start
_LATE_DAYS = 7
"""Days of maturity from which a metric counts as one that waits."""
_NEAR = timedelta(days=7)
_SLACK = timedelta(days=2)
"""By which a ring, or what is seen of it, may begin beside its day of the timeline."""
CALENDAR = {
    "carrier strike": (timeline.CARRIER_STRIKE_DAY, "carrier", "GB"),
    "rule change": (timeline.POLICY_CHANGE_DAY, "policy", "ID"),
    "wallet release": (timeline.MODEL_DRIFT_DAY, "release", "ID"),
}
"""What moves without an attack: its day, kind and market."""
MOVES = {
    "carrier": ("late_dispatch_rate", "seller_cancellation_rate", "low_rating_rate"),
    "policy": ("refund_rate", "not_received_rate"),
    "release": ("fast_payment_rate",),
}
"""Metrics that an event of a kind moves."""
BUYS = ("orders", "gmv_usd", "voucher_claims", "voucher_cost_share", "new_buyer_voucher_rate")
"""Metrics that a payday or a holiday moves."""
PLANTED = {
    "baseline campaign": "HN_FLASH_SALE",
    "voucher attack": "T3_INCENTIVE_ABUSE",
    "brushing wave": "T1_BRUSHING",
    "viral live": "HN_VIRAL_LIVE",
    "chain": "T15_CROSS_DOMAIN",
    "information leak": "T12_INFO_LEAK",
    "takeover burst": "T8_ACCOUNT_TAKEOVER",
    "unseen attack": "UNSEEN_VALUE_TRANSFER",
}
"""What is planted as rings: those of a story that start about its day."""


@dataclass(frozen=True)
class World:
    """What was noticed in one world."""

    seed: int
    moved: pl.DataFrame
    """noticing.movements with `rings` and `cause`, null for a false alarm."""
    events: pl.DataFrame
    weeks: float
    improvements: int
    """Good news of labelled metrics from the days that the outage hides."""


def measured(raw: Path, database: Path) -> World:
    """The movements of a build beside the truth of its raw tables."""
    seed = int(json.loads((raw / "world.json").read_text(encoding="utf-8"))["settings"]["seed"])
    with queries.connect(database) as con:
        moved = con.sql("select * from noticing.movements order by rank").pl()
        calendar = con.sql("select * from metrics.events order by starts_at").pl()
        planted = planted_orders(con, raw)
        first = queries.scalar(con, "select min(day) from metrics.groupings")
        last = queries.scalar(con, "select max(day) from metrics.groupings")
    causes = [explained_by(one, planted) for one in moved.iter_rows(named=True)]
    titles = [_of_calendar(one, calendar) for one in moved.iter_rows(named=True)]
    named = moved.with_columns(
        pl.Series("rings", [own.rings for own in causes], dtype=pl.List(pl.String)),
        pl.Series(
            "cause",
            [title or own.typology for title, own in zip(titles, causes, strict=True)],
            dtype=pl.String,
        ),
    )
    weeks = ((last - first).days + 1 - NoticingSettings().least_level_days) / 7.0
    return World(seed, named, _events(raw, named), weeks, _improvements(named))


def _of_calendar(one: dict[str, Any], calendar: pl.DataFrame) -> str | None:
    """The event whose days, market and metrics fit a movement."""
    slices = {one["dimension_a"]: one["value_a"], one["dimension_b"]: one["value_b"]}
    for event in calendar.iter_rows(named=True):
        moves = MOVES.get(event["kind"], ())
        wide = event["kind"] == "holiday" or "Payday" in event["title"]
        slack = _NEAR if moves else timedelta()
        if (
            one["metric"] in (BUYS if wide else moves)
            and slices.get("market", event["market"]) in (event["market"], None)
            and event["starts_at"].date() - timedelta(days=1) <= one["last_day"]
            and event["ends_at"].date() + slack >= one["first_day"]
        ):
            return str(event["title"])
    return None


def _events(raw: Path, moved: pl.DataFrame) -> pl.DataFrame:
    rows, truth = [], rings(raw).sort("started_at", "ring_id")
    for name, typology in PLANTED.items():
        day = _START + timedelta(days=timeline.HEADLINES[typology])
        wave = truth.filter(
            pl.col("typology") == typology,
            pl.col("started_at").dt.date().is_between(day - _SLACK, day + _NEAR),
        )
        own = pl.col("rings").list.eval(pl.element().is_in(wave["ring_id"].to_list())).list.any()
        began = pl.col("first_day") >= day - _SLACK
        rows.append(_event(name, day, moved.filter(own, began), moved))
    for name, (number, kind, market) in CALENDAR.items():
        day = _START + timedelta(days=number)
        in_market = (pl.col("value_a") == market) | (pl.col("value_b") == market)
        near = pl.col("first_day").is_between(day - _NEAR, day + 2 * _NEAR)
        own = moved.filter(pl.col("metric").is_in(MOVES[kind]), in_market.fill_null(False), near)
        rows.append(_event(name, day, own, moved))
    return pl.DataFrame(rows, infer_schema_length=None)


def _event(name: str, day: date, own: pl.DataFrame, moved: pl.DataFrame) -> dict[str, Any]:
    """When an event was noticed, by what, and when by what waits."""
    waits = [c for c, kpi in kpis().items() if kpi.labels or kpi.maturity_days >= _LATE_DAYS]
    early, late = (
        own.filter(pl.col("metric").is_in(waits) == is_late).sort("noticed_on", "rank")
        for is_late in (False, True)
    )
    best = own.sort("rank").head(1)
    near = moved.filter(
        pl.col("first_day").is_between(day - _NEAR / 2, day + 2 * _NEAR)
        | pl.col("movement_id").is_in(best["movement_id"].to_list())
    ).sort("rank")
    place = near["movement_id"].to_list().index(best["movement_id"][0]) + 1 if best.height else None
    values = [] if best.is_empty() else [best["value_a"][0], best["value_b"][0]]
    return {
        "event": name,
        "day": (day - _START).days,
        "early": (early["noticed_on"][0] - day).days if early.height else None,
        "by": early["metric"][0] if early.height else None,
        "late": (late["noticed_on"][0] - day).days if late.height else None,
        "late_by": late["metric"][0] if late.height else None,
        "place": place,
        "slice": " & ".join(value for value in values if value) if values else None,
    }


def _improvements(moved: pl.DataFrame) -> int:
    start = _START + timedelta(days=timeline.LABEL_OUTAGE_DAY)
    end, count = start + timedelta(days=timeline.LABEL_OUTAGE_DAYS), 0
    for one in moved.filter(pl.col("direction") == "good").iter_rows(named=True):
        kpi = kpis()[one["metric"]]
        waits = timedelta(days=kpi.maturity_days)
        count += kpi.labels and one["first_day"] + waits <= end and one["last_day"] + waits >= start
    return count


def main(worlds: Sequence[World]) -> None:
    """Print what was noticed in some worlds."""
    show_timeline(worlds)
    show_alarms(worlds)


def show_timeline(worlds: Sequence[World]) -> None:
    """Each event in each world."""
    rows = [
        (
            *(one["event"], world.seed, one["day"], _days(one["early"]), one["by"] or ""),
            *(_days(one["late"]), one["late_by"] or "", _lead(one)),
            *(one["place"] or "", one["slice"] or "none"),
        )
        for name in (*PLANTED, *CALENDAR)
        for world in worlds
        for one in world.events.filter(pl.col("event") == name).iter_rows(named=True)
    ]
    columns = ("event", "seed", "day", "noticed after", "by", "waiting after", "by", "lead")
    show("The planted timeline", (*columns, "place", "slice"), rows, "In days.")


def _days(number: int | None) -> str:
    return "" if number is None else f"{number}"


def _lead(one: dict[str, Any]) -> str:
    return "" if one["early"] is None or one["late"] is None else f"{one['late'] - one['early']}"


def show_alarms(worlds: Sequence[World]) -> None:
    """How much is named a week, and how much of it for nothing."""
    rows = []
    for world in worlds:
        false = world.moved.filter(pl.col("cause").is_null())
        alone = world.moved.filter(pl.col("cause") == ONE_SELLER).height
        weekly = false.group_by(pl.col("noticed_on").dt.truncate("1w")).len()["len"].to_list()
        counts = weekly + [0] * max(0, round(world.weeks) - len(weekly))
        budget = NoticingSettings().budget_a_week
        rows.append(
            (
                *(world.seed, world.moved.height, f"{world.moved.height / world.weeks:.1f}"),
                *(f"{alone / world.weeks:.2f}", f"{false.height / world.weeks:.2f}"),
                max(counts, default=0),
                f"{sum(one <= budget for one in counts) / max(len(counts), 1):.0%}",
                world.improvements,
            )
        )
    columns = (
        "seed",
        "movements",
        "a week",
        "one seller",
        "false a week",
        "in the worst",
        "weeks within budget",
    )
    note = f"Budget {NoticingSettings().budget_a_week} a week. Never tuned on: {UNTUNED}."
    show("Alarms", (*columns, "improvements by the outage"), rows, note)


def made(seed: int, folder: Path) -> World:
    """Generate and build the world of a seed below `folder`, and measure it."""
    raw, out = folder / f"noticing-raw-{seed}", folder / f"noticing-build-{seed}"
    generate(raw, WorldSettings(orders=ORDERS, seed=seed))
    return measured(raw, build(Order(raw, out)).database)


def run(folder: Path) -> None:
    """The worlds of `benchmarks.seeds`, generated and built."""
    main([made(seed, folder) for seed in (*TUNED, *UNTUNED)])


if __name__ == "__main__":
    pairs = [pair.partition("=") for pair in sys.argv[1:]]
    main([measured(Path(raw), Path(out) / DATABASE) for raw, _, out in pairs])
