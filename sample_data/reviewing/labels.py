"""What somebody found out, when, and how wrong they were: three-state labels.

Unknown is the normal case: about nine tenths of the active entities of each type
carry no label. `exploration` is the only unbiased source, a uniform draw looked at
whatever it scores. Every label has four clocks: the behaviour began (`event_at`),
somebody noticed (`observed_at`), somebody decided (`decided_at`), and the label store
had it (`known_at`). When it truly began nobody at the marketplace knows: a person who calls
somebody bad writes down a guess, everything else leaves it open. What would be known after the
end of the data is absent.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.world import World
from sample_data.kit import timeline
from sample_data.kit.plan_records import RECENT_DAYS
from sample_data.kit.randomness import Bools, Ints, Rng, stream, whole
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
    "event_at",
    "observed_at",
    "decided_at",
    "known_at",
    "analyst",
    "is_bad",
)


@dataclass(frozen=True)
class LabelPolicy:
    """How much the marketplace looks at; shares are assumptions."""

    exploration_shares: tuple[float, ...] = (
        0.05,
        0.05,
        0.025,
        0.025,
    )  # of active ones, by ENTITY_TYPES
    recall: float = 0.84  # of bad entities that somebody takes up
    recent_recall: float = 0.15  # of those active in the last 30 days: still in the queue
    look_alike_share: float = 0.32  # of honest look-alikes that caught an eye
    label_share: float = 0.095  # docs/domain.md §3.0: about nine tenths stay unknown
    most_label_shares: tuple[float, ...] = (0.21, 0.24, 0.14, 0.14)  # where stories are dense
    bad_first: float = 0.45  # of what is left of the team's time, for bad ones before look-alikes
    guess_sigma: float = 0.4  # of the log of how long it went on: two in three within factor 1.5


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


def _review_cases(settings: WorldSettings, rng: Rng, bad: pl.DataFrame) -> pl.DataFrame:
    """Cases about bad entities that somebody takes up, in no particular order."""
    running = bad["ended"].to_numpy() >= settings.day_s(settings.present_day - RECENT_DAYS)
    is_noticed = rng.random(bad.height) < np.where(running, POLICY.recent_recall, POLICY.recall)
    return discovery.discovery_cases(rng, bad[rng.permutation(np.flatnonzero(is_noticed))])


def _with_truth(cases: pl.DataFrame, bad: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    """Cases with what was true when somebody looked: `is_bad`, `is_hard`, `typology`, `started`."""
    keys = ["entity_type", "entity"]
    guilty = bad.select(*keys, "typology", "started")
    rows = cases.join(guilty, on=keys, how="left", maintain_order="left")
    strange = odd.select(*keys, odd="started")
    rows = rows.join(strange, on=keys, how="left", maintain_order="left")
    began = (pl.col("started") <= pl.col("observed_at")).fill_null(value=False)
    is_odd = (pl.col("odd") <= pl.col("observed_at")).fill_null(value=False)
    return rows.with_columns(is_bad=began, is_hard=is_odd & ~began).drop("odd")


def _guess(rng: Rng, rows: pl.DataFrame, bad: pl.DataFrame) -> pl.Series:
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


def _judge(rng: Rng, rows: pl.DataFrame, bad: pl.DataFrame) -> pl.DataFrame:
    """Verdicts: people err, a bank and a carrier name the guilty, a rule names whom it hits."""
    by_people = rows["source"].is_in(list(discovery.BY_PEOPLE)).to_numpy()
    at, is_bad = rows["decided_at"].to_numpy(), rows["is_bad"].to_numpy()
    analyst = analysts.on_duty(rng, at)
    said = analysts.calls_bad(rng, analyst, at, is_bad, rows["is_hard"].to_numpy())
    verdict: Bools = np.where(by_people, said, True)
    guess = _guess(rng, rows, bad)
    is_right = pl.col("is_bad") | (pl.col("source") == "appeal")
    people_typology = pl.when(is_right).then(pl.col("typology")).otherwise(guess)
    rule_typology = pl.col("entity_type").replace_strict(enforcement.ACCUSED, default=None)
    typology = pl.when(pl.col("source") == "rule").then(rule_typology).otherwise(people_typology)
    began = pl.lit(pl.Series(verdict & (rows["source"] == "exploration").to_numpy() & is_bad))
    return rows.with_columns(
        label=pl.Series(np.where(verdict, "bad", "good")),
        typology=pl.when(pl.lit(pl.Series(verdict))).then(typology),
        analyst=pl.Series(np.where(by_people, analyst, analysts.NOBODY)),
        event_at=pl.when(began).then(pl.col("started")).otherwise("event_at"),
    )


def _with_guesses(rng: Rng, rows: pl.DataFrame) -> pl.DataFrame:
    """Labels with `event_at` as told: the guess of a person who convicts, else nothing.

    Whoever hears an appeal decides about what somebody else has dated. How long it had gone on
    when somebody looked is over- and underrated alike. Where nothing had begun, as long as such
    a scheme usually takes is imagined.
    """
    code = rows["typology"].str.split("_").list.first().to_list()
    usual = [discovery.DISCOVERIES.get(each, discovery.OTHERWISE).median_days for each in code]
    observed_at = rows["observed_at"].to_numpy()
    went_on = np.where(rows["is_bad"], observed_at - rows["event_at"], np.array(usual) * DAY)
    guess = observed_at - whole(went_on * rng.lognormal(0.0, POLICY.guess_sigma, rows.height))
    by_people = pl.col("source").is_in(list(discovery.BY_PEOPLE)) & (pl.col("source") != "appeal")
    is_guess = (pl.col("label") == "bad") & by_people
    return rows.with_columns(event_at=pl.when(is_guess).then(pl.lit(pl.Series(guess))))


def _delay_by_outage(settings: WorldSettings, cases: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that fell into the label feed's outage became known when it was over."""
    begin, end = outage_span(settings)
    in_outage = pl.col("known_at").is_between(begin, end, closed="left")
    return cases.with_columns(
        known_at=pl.when(in_outage)
        .then(end + (pl.col("known_at") - begin) // 12)
        .otherwise("known_at")
    )


def _within_time(settings: WorldSettings, cases: pl.DataFrame) -> pl.DataFrame:
    """Cases whose label is known before the end of the data."""
    return _delay_by_outage(settings, cases).filter(pl.col("known_at") < settings.end_s)


def _suspicion_cases(
    settings: WorldSettings,
    rng: Rng,
    bad: pl.DataFrame,
    odd: pl.DataFrame,
    capacity: dict[str, int],
) -> pl.DataFrame:
    """Cases about bad entities and look-alikes, per type as many as there is `capacity` for."""
    of_look_alikes = discovery.look_alike_cases(settings, rng, odd, POLICY.look_alike_share)
    of_look_alikes = _within_time(settings, of_look_alikes)
    of_bad = _within_time(settings, _review_cases(settings, rng, bad)).select(
        of_look_alikes.columns
    )
    parts = []
    for entity_type, left in capacity.items():
        mine = pl.col("entity_type") == entity_type
        first = of_bad.filter(mine).head(round(POLICY.bad_first * left))
        parts += [first, of_look_alikes.filter(mine).head(left - first.height)]
    return pl.concat(parts)


def _capacity(
    cases: pl.DataFrame, first_seen: dict[str, Ints], made_share: float
) -> dict[str, int]:
    """How many more cases of each type the team can take up beside those `cases`."""
    capacity = {}
    for entity_type, most in zip(ENTITY_TYPES, POLICY.most_label_shares, strict=True):
        busy = cases.filter(pl.col("entity_type") == entity_type).height
        active = int((first_seen[entity_type] >= 0).sum())
        capacity[entity_type] = max(0, round(most * made_share * active) - busy)
    return capacity


def _routine_cases(
    world: World,
    rng: Rng,
    cases: pl.DataFrame,
    story_entities: pl.DataFrame,
    first_seen: dict[str, Ints],
) -> pl.DataFrame:
    """Routine reviews of ordinary entities, until each type has its share of labels.

    `cases` are the cases so far; nobody in `story_entities` is ordinary.
    """
    parts = []
    for entity_type in ENTITY_TYPES:
        first = first_seen[entity_type]
        mine = pl.col("entity_type") == entity_type
        with_case = cases.filter(mine)["entity"].unique().to_numpy()
        free = np.ones(len(first), dtype=bool)
        free[with_case] = False
        free[story_entities.filter(mine)["entity"].to_numpy()] = False
        share = POLICY.label_share * world.settings.made_share
        missing = round(share * int((first >= 0).sum())) - len(with_case)
        parts.append(
            discovery.routine_cases(world.settings, rng, entity_type, first, free, missing)
        )
    return _within_time(world.settings, pl.concat(parts))


def _cases(
    world: World, rng: Rng, bad: pl.DataFrame, odd: pl.DataFrame, first_seen: dict[str, Ints]
) -> pl.DataFrame:
    """Every case of the period but appeals."""
    settings = world.settings
    by_lot = pl.concat(
        discovery.exploration_cases(
            settings, rng, entity_type, first_seen[entity_type], share * settings.made_share
        )
        for entity_type, share in zip(ENTITY_TYPES, POLICY.exploration_shares, strict=True)
    )
    by_rule = enforcement.rule_cases(world, rng, first_seen)
    cases = _within_time(settings, pl.concat((by_lot, by_rule)))
    suspicions = _suspicion_cases(
        settings, rng, bad, odd, _capacity(cases, first_seen, settings.made_share)
    )
    cases = pl.concat((cases, suspicions.select(cases.columns)))
    keys = ["entity_type", "entity"]
    story_entities = pl.concat((bad.select(keys), odd.select(keys)))
    return pl.concat((cases, _routine_cases(world, rng, cases, story_entities, first_seen)))


def write_down(
    world: World, truth: pl.DataFrame, bad: pl.DataFrame, first_seen: dict[str, Ints]
) -> pl.DataFrame:
    """All labels known before the end of the data: positions and instants in seconds.

    `event_at` is as told, null where nobody guessed. `first_seen` is the first activity by
    entity type and position. Columns as `COLUMNS`; `is_bad` is what was true and never leaves
    the generator.
    """
    rng, settings = stream(world.settings.seed, "labels"), world.settings
    guilty, odd = _guilty(bad), _honest_but_odd(truth)
    nameless = guilty.filter(pl.col("typology") == UNSEEN)
    cases = _with_truth(_cases(world, rng, guilty, odd, first_seen), guilty, odd)
    cases = cases.join(nameless, on=("entity_type", "entity"), how="anti", maintain_order="left")
    judged = _judge(rng, cases, guilty).sort("known_at", "entity_type", "entity", "source")
    appeals = enforcement.appeal_cases(settings, rng, judged)
    appeals = appeals.with_columns(is_hard=pl.lit(value=False), started=pl.col("event_at"))
    heard = _within_time(settings, _judge(rng, appeals, guilty))
    both = pl.concat((judged.select(COLUMNS), heard.select(COLUMNS)))
    both = both.sort("known_at", "entity_type", "entity", "source")
    return _with_guesses(stream(settings.seed, "guesses"), both)
