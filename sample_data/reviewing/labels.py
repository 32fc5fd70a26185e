"""What somebody found out, when, and how wrong they were: three-state labels.

Unknown is the normal case: about nine tenths of the active entities of each type
carry no label. `exploration` is the only unbiased source, a uniform draw looked at
whatever it scores. Every label has four clocks: the behaviour began (`event`),
somebody noticed (`observed`), somebody decided (`decided`), and the label store
had it (`known`). What would be known after the end of the data is absent.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.world import World
from sample_data.kit import timeline
from sample_data.kit.plan_records import RECENT_DAYS
from sample_data.kit.randomness import Bools, Ints, Rng, stream
from sample_data.kit.settings import DAY, WorldSettings
from sample_data.reviewing import analysts, discovery, enforcement

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")
UNSEEN = "UNSEEN_VALUE_TRANSFER"  # nobody has words for it, so nobody gives a verdict
COLUMNS = (
    "entity_type",
    "entity",
    "label",
    "typology",
    "source",
    "event",
    "observed",
    "decided",
    "known",
    "analyst",
    "is_bad",
)


@dataclass(frozen=True)
class LabelPolicy:
    """How much the marketplace looks at; shares are assumptions."""

    explored: tuple[float, ...] = (0.05, 0.05, 0.025, 0.025)  # of active ones, by ENTITY_TYPES
    recall: float = 0.84  # of bad entities that somebody takes up
    recent_recall: float = 0.15  # of those active in the last 30 days: still in the queue
    looked_alike: float = 0.32  # of honest look-alikes that caught an eye
    labelled: float = 0.095  # DOMAIN 3.0: about nine tenths stay unknown
    most_labelled: tuple[float, ...] = (0.21, 0.24, 0.14, 0.14)  # where stories are dense
    bad_first: float = 0.45  # of what is left of the team's time, for bad ones before look-alikes


POLICY = LabelPolicy()


def outage_span(settings: WorldSettings) -> tuple[int, int]:
    """First and last instant of the label feed's outage."""
    start = timeline.LABEL_OUTAGE_DAY
    return settings.day_s(start), settings.day_s(start + timeline.LABEL_OUTAGE_DAYS)


def _honest_but_odd(truth: pl.DataFrame) -> pl.DataFrame:
    """Look-alikes and victims of the labelled types, each once: what analysts stumble over."""
    odd = pl.col("is_hard_negative")
    if "role" in truth.columns:
        odd = odd | (pl.col("role") == "victim")
    rows = truth.filter(odd & pl.col("entity_type").is_in(ENTITY_TYPES))
    rows = rows.sort("started", "ring", "entity_type", "entity")
    rows = rows.unique(("entity_type", "entity"), keep="first", maintain_order=True)
    return rows.select("entity_type", "entity", "started", "ended")


def _guilty(bad: pl.DataFrame) -> pl.DataFrame:
    """Bad entities of the labelled types; a victim is not one of them."""
    rows = bad.filter(pl.col("entity_type").is_in(ENTITY_TYPES))
    return rows.filter(pl.col("role") != "victim") if "role" in rows.columns else rows


def _taken_up(settings: WorldSettings, rng: Rng, bad: pl.DataFrame) -> pl.DataFrame:
    """Cases about bad entities that somebody takes up, in no particular order."""
    running = bad["ended"].to_numpy() >= settings.end_s - RECENT_DAYS * DAY
    noticed = rng.random(bad.height) < np.where(running, POLICY.recent_recall, POLICY.recall)
    return discovery.found_out(rng, bad[rng.permutation(np.flatnonzero(noticed))])


def _with_truth(cases: pl.DataFrame, bad: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    """Cases with what was true when somebody looked: `is_bad`, `is_hard`, `typology`, `started`."""
    keys = ["entity_type", "entity"]
    guilty = bad.select(*keys, "typology", "started")
    rows = cases.join(guilty, on=keys, how="left", maintain_order="left")
    strange = odd.select(*keys, odd="started")
    rows = rows.join(strange, on=keys, how="left", maintain_order="left")
    began = (pl.col("started") <= pl.col("observed")).fill_null(value=False)
    is_odd = (pl.col("odd") <= pl.col("observed")).fill_null(value=False)
    return rows.with_columns(is_bad=began, is_hard=is_odd & ~began).drop("odd")


def _guessed(rng: Rng, rows: pl.DataFrame, bad: pl.DataFrame) -> pl.Series:
    """What whoever is wrong believes to have seen: a typology that occurs for that type."""
    met = bad.filter(pl.col("typology") != UNSEEN).sort("typology")
    options = met.group_by("entity_type", maintain_order=True).agg(
        pl.col("typology").unique(maintain_order=True)
    )
    choice = rows.select("entity_type").join(
        options, on="entity_type", how="left", maintain_order="left"
    )["typology"]
    size = choice.list.len().fill_null(1).to_numpy()
    return choice.list.get(pl.Series((rng.random(rows.height) * size).astype(np.int64)))


def _judged(rng: Rng, rows: pl.DataFrame, bad: pl.DataFrame) -> pl.DataFrame:
    """Verdicts: people err, a bank and a carrier name the guilty, a rule names whom it hits."""
    by_people = rows["source"].is_in(list(discovery.BY_PEOPLE)).to_numpy()
    at, is_bad = rows["decided"].to_numpy(), rows["is_bad"].to_numpy()
    analyst = analysts.on_duty(rng, at)
    said = analysts.calls_bad(rng, analyst, at, is_bad, rows["is_hard"].to_numpy())
    verdict: Bools = np.where(by_people, said, True)
    guess = _guessed(rng, rows, bad)
    kept = pl.col("is_bad") | (pl.col("source") == "appeal")
    believed = pl.when(kept).then(pl.col("typology")).otherwise(guess)
    accused = pl.col("entity_type").replace_strict(enforcement.ACCUSED, default=None)
    typology = pl.when(pl.col("source") == "rule").then(accused).otherwise(believed)
    began = pl.lit(pl.Series(verdict & (rows["source"] == "exploration").to_numpy() & is_bad))
    return rows.with_columns(
        label=pl.Series(np.where(verdict, "bad", "good")),
        typology=pl.when(pl.lit(pl.Series(verdict))).then(typology),
        analyst=pl.Series(np.where(by_people, analyst, analysts.NOBODY)),
        event=pl.when(began).then(pl.col("started")).otherwise("event"),
    )


def _delayed_by_outage(settings: WorldSettings, told: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that fell into the label feed's outage became known when it was over."""
    begin, end = outage_span(settings)
    held = pl.col("known").is_between(begin, end, closed="left")
    return told.with_columns(
        known=pl.when(held).then(end + (pl.col("known") - begin) // 12).otherwise("known")
    )


def _within_time(settings: WorldSettings, cases: pl.DataFrame) -> pl.DataFrame:
    """Cases whose label is known before the end of the data."""
    return _delayed_by_outage(settings, cases).filter(pl.col("known") < settings.end_s)


def _suspected(
    settings: WorldSettings, rng: Rng, bad: pl.DataFrame, odd: pl.DataFrame, room: dict[str, int]
) -> pl.DataFrame:
    """Cases about bad entities and look-alikes, as many as the team has `room` for, per type."""
    alike = discovery.looked_alike(settings, rng, odd, POLICY.looked_alike)
    alike = _within_time(settings, alike)
    taken = _within_time(settings, _taken_up(settings, rng, bad)).select(alike.columns)
    parts = []
    for entity_type, left in room.items():
        mine = pl.col("entity_type") == entity_type
        first = taken.filter(mine).head(round(POLICY.bad_first * left))
        parts += [first, alike.filter(mine).head(left - first.height)]
    return pl.concat(parts)


def _room(known: pl.DataFrame, begun: dict[str, Ints]) -> dict[str, int]:
    """How many more cases of each type the team can take up beside those `known`."""
    room = {}
    for entity_type, most in zip(ENTITY_TYPES, POLICY.most_labelled, strict=True):
        busy = known.filter(pl.col("entity_type") == entity_type).height
        room[entity_type] = max(0, round(most * int((begun[entity_type] >= 0).sum())) - busy)
    return room


def _filled(
    world: World, rng: Rng, known: pl.DataFrame, held: pl.DataFrame, begun: dict[str, Ints]
) -> pl.DataFrame:
    """Routine reviews of ordinary entities, until each type has its share of labels.

    `known` are the cases so far; nobody in `held` is ordinary.
    """
    parts = []
    for entity_type in ENTITY_TYPES:
        first = begun[entity_type]
        mine = pl.col("entity_type") == entity_type
        labelled = known.filter(mine)["entity"].unique().to_numpy()
        free = np.ones(len(first), dtype=bool)
        free[labelled] = False
        free[held.filter(mine)["entity"].to_numpy()] = False
        wanted = round(POLICY.labelled * int((first >= 0).sum())) - len(labelled)
        parts.append(discovery.routine(world.settings, rng, entity_type, first, free, wanted))
    return _within_time(world.settings, pl.concat(parts))


def _cases(
    world: World, rng: Rng, bad: pl.DataFrame, odd: pl.DataFrame, begun: dict[str, Ints]
) -> pl.DataFrame:
    """Every case of the period but appeals."""
    settings = world.settings
    by_lot = pl.concat(
        discovery.explored(settings, rng, entity_type, begun[entity_type], share)
        for entity_type, share in zip(ENTITY_TYPES, POLICY.explored, strict=True)
    )
    ruled = enforcement.marked_by_rule(world, rng, begun)
    known = _within_time(settings, pl.concat((by_lot, ruled)))
    suspected = _suspected(settings, rng, bad, odd, _room(known, begun))
    known = pl.concat((known, suspected.select(known.columns)))
    keys = ["entity_type", "entity"]
    held = pl.concat((bad.select(keys), odd.select(keys)))
    return pl.concat((known, _filled(world, rng, known, held, begun)))


def write_down(
    world: World, truth: pl.DataFrame, bad: pl.DataFrame, begun: dict[str, Ints]
) -> pl.DataFrame:
    """All labels known before the end of the data: positions and instants in seconds.

    `begun` is the first activity by entity type and position. Columns as `COLUMNS`;
    `is_bad` is what was true and never leaves the generator.
    """
    rng, settings = stream(world.settings.seed, "labels"), world.settings
    guilty, odd = _guilty(bad), _honest_but_odd(truth)
    nameless = guilty.filter(pl.col("typology") == UNSEEN)
    cases = _with_truth(_cases(world, rng, guilty, odd, begun), guilty, odd)
    cases = cases.join(nameless, on=("entity_type", "entity"), how="anti", maintain_order="left")
    told = _judged(rng, cases, guilty).sort("known", "entity_type", "entity", "source")
    appeals = enforcement.appealed(settings, rng, told)
    appeals = appeals.with_columns(is_hard=pl.lit(value=False), started=pl.col("event"))
    heard = _within_time(settings, _judged(rng, appeals, guilty))
    both = pl.concat((told.select(COLUMNS), heard.select(COLUMNS)))
    return both.sort("known", "entity_type", "entity", "source")
