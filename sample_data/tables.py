"""From positions and seconds to the raw tables: public ids, UTC timestamps, column order.

Ids follow registration (or event) order, so an id never tells who planted it;
identifiers are masked by a scrambled number.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.commerce import NEVER
from sample_data.markets import CATEGORIES, MARKETS, per_market
from sample_data.promotions import Promotions
from sample_data.randomness import Ints
from sample_data.stage import Stage
from sample_data.world import World

SCRAMBLE, MASK_SPACE = 618_033_989, 10**9  # coprime, so that masking keeps identifiers apart
PREFIX = {
    "device": "dev",
    "ip": "ip",
    "address": "adr",
    "payment": "pay",
    "bank": "bnk",
    "agency": "agc",
}
CODES = pl.Series([market.code for market in MARKETS])
CURRENCIES = pl.Series([market.currency for market in MARKETS])
FAMILIES = pl.Series([category.name for category in CATEGORIES])


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

    def of(self, kind: str, position: Ints | pl.Series) -> pl.Series:
        """Ids of positions; null where the position is negative."""
        index = pl.Series(position, dtype=pl.Int64)
        known: pl.Series = getattr(self, kind)
        return known.gather(index.set(index < 0, None))


def numbered(prefix: str, number: Ints | pl.Series, width: int = 6) -> pl.Series:
    """Ids like mer_000001."""
    return (
        pl.Series(number, dtype=pl.Int64)
        .cast(pl.Utf8)
        .str.zfill(width)
        .str.replace("^", f"{prefix}_")
    )


def _ranked(prefix: str, instant: Ints, width: int = 6) -> pl.Series:
    """Ids by order of an instant, one per position."""
    rank = np.empty(len(instant), dtype=np.int64)
    rank[np.argsort(instant, kind="stable")] = np.arange(1, len(instant) + 1)
    return numbered(prefix, rank, width)


def assign(world: World, stage: Stage, promotions: Promotions) -> Ids:
    """Public ids of all actors and offers."""
    campaigns = np.array([offer.starts for offer in promotions.campaigns], dtype=np.int64)
    vouchers = np.array([offer.starts for offer in promotions.vouchers], dtype=np.int64)
    return Ids(
        merchant=_ranked("mer", world.merchants.registered),
        creator=_ranked("crt", world.creators.registered),
        product=_ranked("prd", world.products.listed),
        buyer=_ranked("buy", world.buyers.registered),
        campaign=_ranked("cmp", campaigns, 4),
        voucher=_ranked("vch", vouchers, 5),
        session=_ranked("liv", stage.sessions["start"].to_numpy()),
        video=_ranked("vid", stage.videos["published"].to_numpy()),
    )


def masked(kind: str, code: Ints) -> pl.Series:
    """Masked identifiers, null where the code is negative."""
    scrambled = pl.Series((code.astype(np.int64) + 1) * SCRAMBLE % MASK_SPACE)
    text = numbered(PREFIX[kind], scrambled, 9)
    return text.set(pl.Series(code < 0), None)


def moment(seconds: Ints | pl.Series) -> pl.Series:
    """Seconds since 1970 as naive UTC timestamps; NEVER becomes null."""
    micros = pl.Series(seconds, dtype=pl.Int64) * 1_000_000
    return micros.set(micros == NEVER * 1_000_000, None).cast(pl.Datetime("us"))


def date(seconds: Ints | pl.Series) -> pl.Series:
    """Seconds since 1970 as UTC dates."""
    return moment(seconds).dt.date()


def merchants(world: World, ids: Ids) -> pl.DataFrame:
    """The shop table."""
    rows = world.merchants
    return pl.DataFrame(
        {
            "merchant_id": ids.merchant,
            "name": pl.Series(rows.name, dtype=pl.Utf8),
            "market": CODES.gather(rows.market),
            "currency": CURRENCIES.gather(rows.market),
            "category": FAMILIES.gather(rows.category),
            "registered_at": moment(rows.registered),
            "bank_account_id": masked("bank", rows.bank),
            "return_address_id": masked("address", rows.return_address),
        }
    ).sort("merchant_id")


def creators(world: World, ids: Ids) -> pl.DataFrame:
    """The creator table."""
    rows = world.creators
    return pl.DataFrame(
        {
            "creator_id": ids.creator,
            "handle": pl.Series(rows.name, dtype=pl.Utf8),
            "market": CODES.gather(rows.market),
            "category": FAMILIES.gather(rows.category),
            "registered_at": moment(rows.registered),
            "agency_id": masked("agency", rows.agency),
            "bank_account_id": masked("bank", rows.bank),
            "device_id": masked("device", rows.device),
        }
    ).sort("creator_id")


def products(world: World, ids: Ids) -> pl.DataFrame:
    """The listing table."""
    rows = world.products
    market = world.merchants.market[rows.merchant]
    return pl.DataFrame(
        {
            "product_id": ids.product,
            "merchant_id": ids.of("merchant", rows.merchant),
            "title": pl.Series(rows.name, dtype=pl.Utf8),
            "category": FAMILIES.gather(rows.category),
            "currency": CURRENCIES.gather(market),
            "price_minor": rows.price_minor,
            "usd_per_unit": per_market("usd_per_unit")[market],
            "weight_grams": rows.weight_grams,
            "listed_at": moment(rows.listed),
        }
    ).sort("product_id")


def buyers(world: World, ids: Ids) -> pl.DataFrame:
    """The buyer table."""
    rows = world.buyers
    return pl.DataFrame(
        {
            "buyer_id": ids.buyer,
            "name": pl.Series(rows.name, dtype=pl.Utf8),
            "market": CODES.gather(rows.market),
            "registered_at": moment(rows.registered),
        }
    ).sort("buyer_id")


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
