"""Known events of the period: what moved a metric without being an attack."""

from datetime import UTC, datetime

import polars as pl

from sample_data.aftersales import POLICY_MARKET, POLICY_TITLE, policy_start
from sample_data.fulfilment import STRIKE_MARKET, strike_span
from sample_data.labels import outage_span
from sample_data.markets import MARKETS
from sample_data.promotions import Promotions
from sample_data.settings import DAY, HOUR
from sample_data.stage import Stage
from sample_data.world import World

HOLIDAYS = (
    (7, 4, "US", "Independence Day"),
    (8, 9, "SG", "National Day"),
    (8, 17, "ID", "Hari Merdeka"),
)

Row = tuple[str, str, str | None, int, int]


def _holidays(world: World) -> list[Row]:
    found: list[Row] = []
    for number in range(world.settings.days):
        day = world.settings.day_s(number)
        date = datetime.fromtimestamp(day, UTC)
        found += [
            ("holiday", title, market, day, day + DAY)
            for month, number_, market, title in HOLIDAYS
            if (date.month, date.day) == (month, number_)
        ]
    return found


def _biggest_live(world: World, stage: Stage) -> Row:
    known = stage.sessions.filter(pl.col("end") < world.settings.end_s - 20 * DAY)
    top = known.sort("pull", "start", descending=True).row(0, named=True)
    market = MARKETS[world.creators.market[top["creator"]]].code
    return ("viral", "A live session goes viral", market, top["start"], top["end"] + 6 * HOUR)


def events(world: World, stage: Stage, promotions: Promotions) -> pl.DataFrame:
    """The calendar: kind, title, market code, instants in seconds; by start."""
    settings = world.settings
    begin, end = strike_span(settings)
    policy, outage = policy_start(settings), outage_span(settings)
    rows: list[Row] = [
        ("carrier", "Carrier strike", MARKETS[STRIKE_MARKET].code, begin, end),
        ("policy", POLICY_TITLE, MARKETS[POLICY_MARKET].code, policy, policy + DAY),
        ("outage", "Label feed late", None, *outage),
        _biggest_live(world, stage),
        *_holidays(world),
    ]
    for offer in promotions.campaigns:
        if offer.merchant < 0 and offer.kind != "shipping" and offer.starts < settings.end_s:
            market = MARKETS[offer.market].code if offer.market >= 0 else None
            rows.append(("campaign", offer.name, market, offer.starts, offer.ends))
    columns = ["kind", "title", "market", "starts", "ends"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    return frame.sort("starts", "kind", "title", "market")
