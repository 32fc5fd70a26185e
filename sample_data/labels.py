"""What somebody found out, when, and how wrong they were: three-state labels.

Unknown is the normal case. `exploration` is the only unbiased source: a uniform
draw, looked at whatever it scores. `review` and `complaint` find part of the bad
ones after a delay and clear look-alikes. What would be known later is absent.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream, whole
from sample_data.settings import DAY, HOUR, WorldSettings
from sample_data.stories import RECENT_DAYS
from sample_data.world import World

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")


@dataclass(frozen=True)
class LabelPolicy:
    """How the marketplace learns; all shares are assumptions within DOMAIN 3.3 ranges."""

    explored: tuple[float, ...] = (0.05, 0.05, 0.02, 0.02)  # by ENTITY_TYPES
    sensitivity: float = 0.90  # DOMAIN 3.3: 0.75-0.95
    specificity: float = 0.97  # DOMAIN 3.3: 0.88-0.98
    recall: float = 0.68  # of bad entities that ever get caught
    recent_recall: float = 0.10  # of entities active in the last 30 days: still in the queue
    cleared_look_alikes: float = 0.30  # of hard negatives somebody reviewed
    cleared_others: tuple[float, ...] = (
        0.03,
        0.02,
        0.006,
        0.008,
    )  # of ordinary ones, by ENTITY_TYPES
    complaint_share: float = 0.35  # of caught ones, rather than review
    delay_sigma: float = 0.55  # spread of the log delay
    first_day: int = 6  # nothing was looked at before


POLICY = LabelPolicy()
# Median days from the start of the behaviour to a verdict (DOMAIN 3.3).
DELAY_DAYS = {
    "T1_BRUSHING": 15.0,
    "T2_VIEWER_INFLATION": 1.0,
    "T3_INCENTIVE_ABUSE": 5.0,
    "T4_AFFILIATE_FRAUD": 28.0,
    "T9_REFUND_ABUSE": 14.0,
}
OUTAGE_DAY, OUTAGE_DAYS = 55, 3  # DOMAIN 3.5
OTHER_DELAY_DAYS = 14.0  # a new typology without a figure yet


def _frame(
    entity_type: str, entity: Ints, label: Bools, source: str, event: Ints, known: Ints
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "entity_type": pl.Series([entity_type] * len(entity), dtype=pl.Utf8),
            "entity": entity.astype(np.int64),
            "label": np.where(label, "bad", "good"),
            "source": np.full(len(entity), source),
            "event": event.astype(np.int64),
            "known": known.astype(np.int64),
        }
    )


def _explored(world: World, rng: Rng, entity_type: str, begun: Ints, share: float) -> pl.DataFrame:
    """A uniform sample of active entities at random moments, judged with error.

    `begun` is the first activity of each position (-1 = never active).
    """
    settings = world.settings
    active = np.flatnonzero(begun >= 0)
    entity = np.sort(rng.choice(active, size=round(share * len(active)), replace=False))
    first = np.maximum(settings.day_s(POLICY.first_day), begun[entity] + DAY)
    looked = (first + rng.random(len(entity)) * (settings.end_s - first)).astype(np.int64)
    known = looked + (rng.uniform(2.0, 40.0, len(entity)) * HOUR).astype(np.int64)
    frame = _frame(
        entity_type, entity, np.zeros(len(entity), dtype=bool), "exploration", looked, known
    )
    return frame.filter(pl.Series(looked > first - 1))


def _judge(rng: Rng, looked: pl.DataFrame, bad: pl.DataFrame) -> pl.DataFrame:
    """Verdicts of the sample: bad only if the behaviour had begun, with analyst error."""
    truth = bad.select("entity_type", "entity", "typology", "started")
    rows = looked.join(truth, on=("entity_type", "entity"), how="left", maintain_order="left")
    begun = (rows["started"] <= rows["event"]).fill_null(value=False).to_numpy()
    wrong = rng.random(rows.height)
    verdict = np.where(begun, wrong < POLICY.sensitivity, wrong >= POLICY.specificity)
    event = np.where(
        begun & verdict, rows["started"].fill_null(0).to_numpy(), rows["event"].to_numpy()
    )
    guess = _guess(rng, rows)
    typology = pl.when(pl.lit(pl.Series(begun))).then(pl.col("typology")).otherwise(pl.lit(guess))
    return rows.with_columns(
        event=pl.Series(event),
        label=pl.Series(np.where(verdict, "bad", "good")),
        typology=pl.when(pl.lit(pl.Series(verdict))).then(typology),
    ).drop("started")


def _guess(rng: Rng, rows: pl.DataFrame) -> pl.Series:
    """What an analyst who is wrong believes to have seen."""
    options = {
        "merchant": ["T1_BRUSHING", "T3_INCENTIVE_ABUSE"],
        "creator": ["T2_VIEWER_INFLATION", "T4_AFFILIATE_FRAUD"],
        "product": ["T1_BRUSHING", "T3_INCENTIVE_ABUSE"],
        "buyer": ["T9_REFUND_ABUSE", "T3_INCENTIVE_ABUSE"],
    }
    pick = rng.integers(0, 2, rows.height)
    pairs = zip(rows["entity_type"].to_list(), pick, strict=True)
    return pl.Series(
        [options[entity_type][int(number)] for entity_type, number in pairs], dtype=pl.Utf8
    )


def _caught(world: World, rng: Rng, bad: pl.DataFrame) -> pl.DataFrame:
    """Bad entities that review or a complaint found, each after its typology's delay."""
    end_s, count = world.settings.end_s, bad.height
    recent = bad["ended"].to_numpy() >= end_s - RECENT_DAYS * DAY
    found = rng.random(count) < np.where(recent, POLICY.recent_recall, POLICY.recall)
    median = np.array(
        [DELAY_DAYS.get(name, OTHER_DELAY_DAYS) for name in bad["typology"].to_list()]
    )
    complained = chance(rng, POLICY.complaint_share, count)
    median = np.where(complained, np.maximum(median, 9.0), median)  # complaints take weeks
    delay: Floats = np.maximum(log_normal(rng, median, POLICY.delay_sigma, count), 0.4)
    known = bad["started"].to_numpy() + (delay * DAY).astype(np.int64)
    rows = bad.select("entity_type", "entity", "typology", event=pl.col("started")).with_columns(
        label=pl.lit("bad"),
        source=pl.Series(np.where(complained, "complaint", "review")),
        known=pl.Series(known),
    )
    return rows.filter(pl.Series(found))


def _cleared(world: World, rng: Rng, truth: pl.DataFrame, begun: dict[str, Ints]) -> pl.DataFrame:
    """Look-alikes and ordinary entities that were reviewed and found good."""
    settings, parts = world.settings, []
    alike = truth.filter(pl.col("is_hard_negative"))
    for entity_type, share in zip(ENTITY_TYPES, POLICY.cleared_others, strict=True):
        mine = alike.filter(pl.col("entity_type") == entity_type)
        mine = mine.filter(pl.Series(chance(rng, POLICY.cleared_look_alikes, mine.height)))
        since = mine["started"].to_numpy()
        wrong = truth.filter(~pl.col("is_hard_negative") & (pl.col("entity_type") == entity_type))
        fine = begun[entity_type] >= 0
        fine[wrong["entity"].to_numpy()] = False
        others = np.flatnonzero(fine & chance(rng, share, len(fine)))
        entity = np.concatenate((mine["entity"].to_numpy(), others))
        later = begun[entity_type][others] + DAY
        looked = whole(later + rng.random(len(others)) * (settings.end_s - later))
        event = np.concatenate((since, looked))
        known = event + whole(log_normal(rng, 6.0, 0.6, len(entity)) * DAY)
        parts.append(
            _frame(entity_type, entity, np.zeros(len(entity), dtype=bool), "review", event, known)
        )
    return pl.concat(parts).with_columns(typology=pl.lit(None, dtype=pl.Utf8))


def first_activity(world: World, orders: pl.DataFrame, told: pl.DataFrame) -> dict[str, Ints]:
    """First order (or session) of every entity by position, -1 where there is none."""
    sizes = {
        "merchant": len(world.merchants.market),
        "creator": len(world.creators.market),
        "product": len(world.products.merchant),
        "buyer": len(world.buyers),
    }
    first: dict[str, Ints] = {}
    for entity_type, size in sizes.items():
        rows = orders.filter(pl.col(entity_type) >= 0).group_by(entity_type).agg(pl.col("at").min())
        found = np.full(size, -1, dtype=np.int64)
        found[rows[entity_type].to_numpy()] = rows["at"].to_numpy()
        first[entity_type] = found
    live = told.group_by("creator").agg(pl.col("start").min())
    only = live.filter(pl.Series(first["creator"][live["creator"].to_numpy()] < 0))
    first["creator"][only["creator"].to_numpy()] = only["start"].to_numpy()
    return first


def _delayed_by_outage(world: World, told: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that fell into the label feed's outage became known when it was over."""
    begin, end = outage_span(world.settings)
    held = pl.col("known").is_between(begin, end, closed="left")
    return told.with_columns(
        known=pl.when(held).then(end + (pl.col("known") - begin) // 12).otherwise("known")
    )


def outage_span(settings: WorldSettings) -> tuple[int, int]:
    """First and last instant of the label feed's outage."""
    return settings.day_s(OUTAGE_DAY), settings.day_s(OUTAGE_DAY + OUTAGE_DAYS)


def write_down(
    world: World, truth: pl.DataFrame, bad: pl.DataFrame, begun: dict[str, Ints]
) -> pl.DataFrame:
    """All labels known before the end of the data: positions and instants in seconds."""
    rng, settings = stream(world.settings.seed, "labels"), world.settings
    looked = pl.concat(
        _explored(world, rng, entity_type, begun[entity_type], share)
        for entity_type, share in zip(ENTITY_TYPES, POLICY.explored, strict=True)
    )
    columns = ["entity_type", "entity", "label", "typology", "source", "event", "known"]
    parts = [_judge(rng, looked, bad), _caught(world, rng, bad), _cleared(world, rng, truth, begun)]
    told = _delayed_by_outage(world, pl.concat([part.select(columns) for part in parts]))
    told = told.filter((pl.col("known") < settings.end_s) & (pl.col("known") >= pl.col("event")))
    return told.sort("known", "entity_type", "entity", "source")
