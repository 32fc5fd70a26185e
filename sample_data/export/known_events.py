"""Known events of the period: what moved a metric without being an attack."""

from datetime import UTC, datetime
from typing import Final

import polars as pl

from sample_data.actors.programme import Programme
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import World
from sample_data.kit import timeline
from sample_data.kit.markets import MARKETS
from sample_data.kit.settings import DAY, HOUR, WorldSettings
from sample_data.period.aftersales import POLICY_MARKET, POLICY_TITLE, policy_start
from sample_data.period.commerce import WALLET_MARKET
from sample_data.period.fulfilment import STRIKE_MARKET, strike_span
from sample_data.reviewing import enforcement
from sample_data.reviewing.labels import ENTITY_TYPES, outage_span

HOLIDAYS: Final = (
    (7, 4, "US", "Independence Day"),
    (8, 9, "SG", "National Day"),
    (8, 17, "ID", "Hari Merdeka"),
)
NOTICE_DAYS = 7  # between the announcement of a policy and its first day
FIRST_MODELS_DAY, SECOND_MODELS_DAY = 2, 33  # routine releases, long before the drift
RELEASE_HOUR = 9
WALLET_TITLE = "One-tap wallet launches"
RULE_VERSION, WITHDRAWN_VERSION = "rule-newcomers-1", "rule-newcomers-2"

Row = tuple[str, str, str | None, int, int]


def _holidays(settings: WorldSettings) -> list[Row]:
    rows: list[Row] = []
    for number in range(settings.days):
        day = settings.day_s(number)
        date = datetime.fromtimestamp(day, UTC)
        rows += [
            ("holiday", title, market, day, day + DAY)
            for month, number_, market, title in HOLIDAYS
            if (date.month, date.day) == (month, number_)
        ]
    return rows


def _viral_live(world: World, programme: Programme) -> Row:
    """The session of the viral day that drew most; without one, of the whole period."""
    settings = world.settings
    candidates = programme.sessions.filter(pl.col("end") < settings.end_s - 2 * DAY)
    start = settings.day_s(timeline.VIRAL_LIVE_DAY)
    that_day = candidates.filter(pl.col("start").is_between(start, start + 2 * DAY, closed="left"))
    shortlist = candidates if that_day.is_empty() else that_day
    top = shortlist.sort("pull", "start", descending=True).row(0, named=True)
    market = MARKETS[world.creators.market[top["creator"]]].code
    return ("viral", "A live session goes viral", market, top["start"], top["end"] + 6 * HOUR)


def _campaigns(settings: WorldSettings, promotions: Promotions) -> list[Row]:
    """Campaigns of the marketplace itself; shipping on us never ends and explains nothing."""
    rows: list[Row] = []
    for offer in promotions.campaigns:
        if offer.merchant < 0 and offer.kind != "shipping" and offer.starts < settings.end_s:
            market = MARKETS[offer.market].code if offer.market >= 0 else None
            rows.append(("campaign", offer.name, market, offer.starts, offer.ends))
    return rows


def _releases(settings: WorldSettings) -> list[Row]:
    """The launch that makes models drift, and the days on which models changed."""
    wallet = settings.day_s(timeline.MODEL_DRIFT_DAY)
    rows: list[Row] = [("release", WALLET_TITLE, MARKETS[WALLET_MARKET].code, wallet, wallet + DAY)]
    models = releases(settings).filter(pl.col("version").str.starts_with("model"))
    for version, released_at in (
        models.select("version", "released").unique().sort("released").rows()
    ):
        rows.append(("release", f"{version} goes live", None, released_at, released_at + DAY))
    return rows


def events(world: World, programme: Programme, promotions: Promotions) -> pl.DataFrame:
    """The calendar: kind, title, market code, instants in seconds; by start."""
    settings = world.settings
    policy, rule = policy_start(settings), enforcement.rule_span(settings)
    rows: list[Row] = [
        ("carrier", "Carrier strike", MARKETS[STRIKE_MARKET].code, *strike_span(settings)),
        ("policy", POLICY_TITLE, MARKETS[POLICY_MARKET].code, policy, policy + DAY),
        ("policy", enforcement.RULE_TITLE, enforcement.market_code(), *rule),
        ("outage", "Label feed late", None, *outage_span(settings)),
        _viral_live(world, programme),
        *_holidays(settings),
        *_releases(settings),
        *_campaigns(settings, promotions),
    ]
    columns = ["kind", "title", "market", "starts", "ends"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return frame.sort("starts", "kind", "title", "market")


def incidents(settings: WorldSettings) -> pl.DataFrame:
    """Carrier incidents: the strike, as each carrier of the market announced it."""
    begin, end = strike_span(settings)
    market = MARKETS[STRIKE_MARKET]
    rows = [
        (carrier, market.code, "strike", begin, end, begin + (2 + 3 * number) * HOUR)
        for number, carrier in enumerate(market.carriers)
    ]
    columns = ["carrier", "market", "kind", "starts", "ends", "observed"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def policies(settings: WorldSettings) -> pl.DataFrame:
    """Policy changes: `title`, `market`, `announced`, `effective`; by announcement."""
    begin, end = enforcement.rule_span(settings)
    easier, code = policy_start(settings), enforcement.market_code()
    rows = [
        (POLICY_TITLE, MARKETS[POLICY_MARKET].code, easier - NOTICE_DAYS * DAY, easier),
        (enforcement.RULE_TITLE, code, begin - DAY, begin),
        (enforcement.WITHDRAWN_TITLE, code, end, end),
    ]
    columns = ["title", "market", "announced", "effective"]
    return pl.DataFrame(rows, schema=columns, orient="row").sort("announced")


def releases(settings: WorldSettings) -> pl.DataFrame:
    """Model and rule releases: `entity_type`, `version`, `released`, `note`; by release."""
    begin, end = enforcement.rule_span(settings)
    routine_note = "Routine retraining on matured labels."
    drift_note = "Retrained on behaviour from before the one-tap wallet."
    schedule = (
        ("model-1", FIRST_MODELS_DAY, routine_note),
        ("model-2", SECOND_MODELS_DAY, routine_note),
        ("model-3", timeline.MODEL_DRIFT_DAY, drift_note),
    )
    rows = [
        (entity_type, version, settings.day_s(day) + RELEASE_HOUR * HOUR, note)
        for version, day, note in schedule
        for entity_type in ENTITY_TYPES
    ]
    for entity_type in ("merchant", "buyer"):
        rows += [
            (entity_type, RULE_VERSION, begin, f"{enforcement.RULE_TITLE}."),
            (entity_type, WITHDRAWN_VERSION, end, f"{enforcement.WITHDRAWN_TITLE}."),
        ]
    columns = ["entity_type", "version", "released", "note"]
    return pl.DataFrame(rows, schema=columns, orient="row").sort("released", "entity_type")
