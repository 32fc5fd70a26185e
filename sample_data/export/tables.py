"""From positions and seconds to the raw tables: public ids, UTC timestamps, column order.

Ids follow registration (or event) order, so an id never tells who planted it;
identifiers are masked by a scrambled number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from sample_data.actors.programme import Programme
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import NEVER, World
from sample_data.kit.markets import CATEGORIES, MARKETS, per_market
from sample_data.kit.randomness import Ints, stream
from sample_data.language import names
from sample_data.words import BRANDS

MASK_SPACE = 10**9
# One multiplier per kind, coprime to the space: identifiers stay apart, and equal codes of
# two kinds print different digits.
SCRAMBLE = {
    "device": 618_033_989,
    "ip": 754_877_669,
    "address": 569_840_291,
    "payment": 414_213_563,
    "bank": 732_050_809,
    "agency": 236_067_979,
    "warehouse": 645_751_313,
    "image": 872_983_349,
    "staff": 123_105_627,
}
PREFIX = {
    "device": "dev",
    "ip": "ip",
    "address": "adr",
    "payment": "pay",
    "bank": "bnk",
    "agency": "agc",
    "warehouse": "whs",
    "erp": "erp",
    "image": "img",
    "staff": "stf",
}
MASKED_ENTITIES = ("staff", "warehouse")  # truth names them as the raw tables do
SESSIONS = {"live_session": "session"}
BUYERS_PER_PIECE = 250_000  # buyer rows made at a time: names are long
CODES = pl.Series([market.code for market in MARKETS])
CURRENCIES = pl.Series([market.currency for market in MARKETS])
FAMILIES = pl.Series([category.name for category in CATEGORIES])


def markets() -> pl.DataFrame:
    """The clock of each market."""
    rows = [(market.code, market.time_zone) for market in MARKETS]
    return pl.DataFrame(rows, schema=["market", "time_zone"], orient="row")


@dataclass(frozen=True)
class Ids:
    """Public id of every position."""

    merchant: pl.Series
    creator: pl.Series
    product: pl.Series
    buyer: pl.Series
    campaign: pl.Series
    voucher: pl.Series
    session: pl.Series
    video: pl.Series

    def of(self, entity_type: str, position: Ints | pl.Series) -> pl.Series:
        """Ids of positions; null where the position is negative."""
        index = pl.Series(position, dtype=pl.Int64)
        public_id: pl.Series = getattr(self, entity_type)
        return public_id.gather(index.set(index < 0, None))


@dataclass
class Numbers:
    """Running row numbers of the event tables, across blocks."""

    last: dict[str, int] = field(default_factory=dict)

    def take(self, prefix: str, count: int) -> Ints:
        """The next `count` numbers of a kind, from 1."""
        first = self.last.get(prefix, 0) + 1
        self.last[prefix] = first + count - 1
        return np.arange(first, first + count, dtype=np.int64)


def public_ids(prefix: str, number: Ints | pl.Series, width: int = 6) -> pl.Series:
    """Ids like mer_000001."""
    digits = pl.Series(number, dtype=pl.Int64).cast(pl.Utf8).str.zfill(width)
    text: pl.Series = f"{prefix}_" + digits
    return text


def _ids_by_instant(prefix: str, instant: Ints, width: int = 6) -> pl.Series:
    """Ids by order of an instant, one per position."""
    rank = np.empty(len(instant), dtype=np.int64)
    rank[np.argsort(instant, kind="stable")] = np.arange(1, len(instant) + 1)
    return public_ids(prefix, rank, width)


def assign(world: World, programme: Programme, promotions: Promotions) -> Ids:
    """Public ids of all actors and offers."""
    campaigns = np.array([offer.starts for offer in promotions.campaigns], dtype=np.int64)
    vouchers = np.array([offer.starts for offer in promotions.vouchers], dtype=np.int64)
    return Ids(
        merchant=_ids_by_instant("mer", world.merchants.registered_at),
        creator=_ids_by_instant("crt", world.creators.registered_at),
        product=_ids_by_instant("prd", world.products.listed_at),
        buyer=_ids_by_instant("buy", world.buyers.registered_at),
        campaign=_ids_by_instant("cmp", campaigns, 4),
        voucher=_ids_by_instant("vch", vouchers, 5),
        session=_ids_by_instant("liv", programme.sessions["start"].to_numpy()),
        video=_ids_by_instant("vid", programme.videos["published"].to_numpy()),
    )


def masked_ids(kind: str, code: Ints) -> pl.Series:
    """Masked identifiers, null where the code is negative."""
    digits = pl.Series((code.astype(np.int64) + 1) * SCRAMBLE[kind] % MASK_SPACE)
    text = public_ids(PREFIX[kind], digits, 9)
    return text.set(pl.Series(code < 0), None)


def moment(seconds: Ints | pl.Series) -> pl.Series:
    """Seconds since 1970 as naive UTC timestamps; NEVER becomes null."""
    micros = pl.Series(seconds, dtype=pl.Int64) * 1_000_000
    return micros.set(micros == NEVER * 1_000_000, None).cast(pl.Datetime("us"))


def date(seconds: Ints | pl.Series) -> pl.Series:
    """Seconds since 1970 as UTC dates."""
    return moment(seconds).dt.date()


Renames = Mapping[str, Mapping[int, str]]


def _display_names(names_: list[str], entity_type: str, renames: Renames) -> pl.Series:
    """Names with the hostile ones put over them."""
    column = pl.Series(names_, dtype=pl.Utf8)
    changes = renames.get(entity_type, {})
    return column.scatter(list(changes), list(changes.values())) if changes else column


def merchants(world: World, ids: Ids, renames: Renames) -> pl.DataFrame:
    """The shop table."""
    rows = world.merchants
    return pl.DataFrame(
        {
            "merchant_id": ids.merchant,
            "name": _display_names(rows.name, "merchant", renames),
            "market": CODES.gather(rows.market),
            "currency": CURRENCIES.gather(rows.market),
            "category": FAMILIES.gather(rows.category),
            "registered_at": moment(rows.registered_at),
            "closed_at": moment(rows.closed_at),
            "bank_account_id": masked_ids("bank", rows.bank),
            "return_address_id": masked_ids("address", rows.return_address),
            "device_id": masked_ids("device", rows.device),
            "warehouse_id": masked_ids("warehouse", rows.warehouse),
            "erp_app_id": public_ids("erp", rows.erp + 1, 2),
        }
    ).sort("merchant_id")


def creators(world: World, ids: Ids, renames: Renames) -> pl.DataFrame:
    """The creator table."""
    rows = world.creators
    return pl.DataFrame(
        {
            "creator_id": ids.creator,
            "handle": _display_names(rows.name, "creator", renames),
            "market": CODES.gather(rows.market),
            "category": FAMILIES.gather(rows.category),
            "registered_at": moment(rows.registered_at),
            "agency_id": masked_ids("agency", rows.agency),
            "bank_account_id": masked_ids("bank", rows.bank),
            "device_id": masked_ids("device", rows.device),
            "ip_id": masked_ids("ip", rows.ip),
        }
    ).sort("creator_id")


def products(world: World, ids: Ids, renames: Renames) -> pl.DataFrame:
    """The listing table."""
    rows = world.products
    market = world.merchants.market[rows.merchant]
    brand = pl.Series(rows.brand)
    return pl.DataFrame(
        {
            "product_id": ids.product,
            "merchant_id": ids.of("merchant", rows.merchant),
            "title": _display_names(rows.name, "product", renames),
            "category": FAMILIES.gather(rows.category),
            "brand": pl.Series(BRANDS, dtype=pl.Utf8).gather(brand.set(brand < 0, None)),
            "image_id": masked_ids("image", rows.image),
            "currency": CURRENCIES.gather(market),
            "price_minor": rows.price_minor,
            "usd_per_unit": per_market("usd_per_unit")[market],
            "weight_grams": rows.weight_grams,
            "listed_at": moment(rows.listed_at),
            "removed_at": moment(rows.removed_at),
        }
    ).sort("product_id")


def buyers(world: World, ids: Ids, renames: Renames) -> Iterator[pl.DataFrame]:
    """The buyer table in pieces, by registration: names are made piece by piece."""
    rows = world.buyers
    order = np.argsort(rows.registered_at, kind="stable")
    changes = renames.get("buyer", {})
    for first in range(0, len(order), BUYERS_PER_PIECE):
        piece = order[first : first + BUYERS_PER_PIECE]
        rng = stream(world.settings.seed, f"buyer names {first}")
        name = names.people(rng, rows.market[piece], rows.household[piece])
        for row in np.flatnonzero(np.isin(piece, list(changes))):
            name[int(row)] = changes[int(piece[row])]
        yield pl.DataFrame(
            {
                "buyer_id": ids.of("buyer", piece),
                "name": name,
                "market": CODES.gather(rows.market[piece]),
                "registered_at": moment(rows.registered_at[piece]),
            }
        )


def campaigns(promotions: Promotions, ids: Ids) -> pl.DataFrame:
    """The campaign table."""
    rows = pl.DataFrame([vars(offer) for offer in promotions.campaigns])
    market = pl.Series(rows["market"].to_numpy())
    return pl.DataFrame(
        {
            "campaign_id": ids.campaign,
            "name": rows["name"],
            "kind": rows["kind"],
            "market": CODES.gather(market.set(market < 0, None)),
            "merchant_id": ids.of("merchant", rows["merchant"]),
            "is_approved": rows["is_approved"],
            "starts_at": moment(rows["starts"]),
            "ends_at": moment(rows["ends"]),
        }
    ).sort("campaign_id")


def vouchers(promotions: Promotions, ids: Ids) -> pl.DataFrame:
    """The voucher table."""
    rows = pl.DataFrame([vars(offer) for offer in promotions.vouchers])
    market = rows["market"].to_numpy()
    return pl.DataFrame(
        {
            "voucher_id": ids.voucher,
            "campaign_id": ids.of("campaign", rows["campaign"]),
            "kind": rows["kind"],
            "currency": CURRENCIES.gather(market),
            "discount_minor": rows["discount_minor"],
            "min_spend_minor": rows["min_spend_minor"],
            "usd_per_unit": per_market("usd_per_unit")[market],
            "funded_by": rows["funded_by"],
            "starts_at": moment(rows["starts"]),
            "ends_at": moment(rows["ends"]),
        }
    ).sort("voucher_id")


def entities(rows: pl.DataFrame, ids: Ids) -> pl.Series:
    """Public ids of rows with `entity_type` and `entity`."""
    public_id = pl.Series([None] * rows.height, dtype=pl.Utf8)
    for entity_type in rows["entity_type"].unique().sort().to_list():
        mine = rows["entity_type"] == entity_type
        position = rows["entity"].set(~mine, -1)
        if entity_type in MASKED_ENTITIES:
            own = masked_ids(entity_type, position.to_numpy())
        else:
            own = ids.of(SESSIONS.get(entity_type, entity_type), position)
        public_id = public_id.zip_with(~mine, own)
    return public_id
