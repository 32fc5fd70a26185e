"""Founding the marketplace: how many actors there are, how large and where they come from.

Sizes are heavy-tailed as in the public samples (docs/domain.md §3.0): few huge shops, most
of them tiny, and the same for creators and buyers.
"""

import numpy as np

from sample_data import words
from sample_data.actors.buyers import Accounts, Buyers
from sample_data.actors.world import (
    IDENTIFIERS,
    NEVER,
    PROMOTED_MERCHANTS,
    Creators,
    Merchants,
    Products,
    World,
)
from sample_data.kit.markets import CATEGORIES, MARKETS, per_category, per_market, to_minor
from sample_data.kit.randomness import Ints, Rng, chance, log_normal, pick_weighted, stream
from sample_data.kit.settings import DAY, WorldSettings
from sample_data.language import names

SETTLE_DAYS = np.array([1, 5, 8, 31], dtype=np.int64)  # payout tiers after delivery (§2.2)
SETTLE_SHARE = np.array([0.10, 0.28, 0.47, 0.15])  # of shops; new sellers wait longest
NEW_MERCHANT_SHARE = 0.06  # of shops opened inside the period
MERCHANT_SIGMA = 2.2  # spread of log shop size: few huge, most tiny (§3.0)
LARGEST_MERCHANT = 480.0  # of the median shop, so that none is a tenth of the marketplace
BUYER_SIGMA = 1.1  # spread of log buyer activity
HOUSEHOLD_SHARE = np.array([0.62, 0.19, 0.10, 0.06, 0.03])  # households of 1..5 accounts
AGENCY_SHARE = 0.24  # of creators under an agency
WAREHOUSE_SHARE = 0.35  # of shops that ship from a logistics firm's warehouse
ERP_APPS = 12  # order management apps on the market
ERP_DECAY = 0.75  # each next app has this share of the one before
OFFICE_IP_SHARE = 0.5  # of agency creators who stream from the agency's network
CLOSED_SHARE = 0.03  # of ordinary shops that would close in such a span
RETIRED_SHARE = 0.05  # of listings their sellers would take down
BRANDED_SHARE = 0.45  # of listings that carry a brand
STOCK_PHOTO_SHARE = 0.06  # of listings with a picture that another listing also shows
PERSONAL_SHARE = 0.4  # of creators whose own buyer account is known by its device


def _registrations(rng: Rng, settings: WorldSettings, count: int, inside: float) -> Ints:
    """Registration instants: most long before the period, a share `inside` it."""
    before = settings.start_s - DAY * (2.0 + 900.0 * rng.random(count) ** 1.4)
    during = settings.start_s + DAY * (settings.days - 4.0) * rng.random(count)
    return np.where(chance(rng, inside, count), during, before).astype(np.int64)


def _merchants(settings: WorldSettings, counters: dict[str, int]) -> Merchants:
    rng, count = stream(settings.seed, "merchants"), settings.merchant_count
    market = pick_weighted(rng, per_market("share"), count)
    bank = np.arange(count, dtype=np.int64)
    sibling = chance(rng, 0.03, count)  # one owner, several shops: honest and common
    bank[sibling] = bank[np.maximum(np.flatnonzero(sibling) - 1, 0)]
    forwarder = chance(rng, 0.05, count)  # a logistics firm takes the returns of many shops
    address = np.arange(count, dtype=np.int64) + counters["address"]
    address[forwarder] = counters["address"] + market[forwarder]
    counters["address"] += count
    counters["bank_account"] += count
    size = np.clip(np.rint(log_normal(rng, 6.0, 0.75, count)), 3, 60).astype(np.int64)
    return Merchants(
        name=names.merchant_names(rng, market).to_list(),
        market=market,
        category=pick_weighted(rng, per_category("share"), count),
        registered_at=_registrations(rng, settings, count, NEW_MERCHANT_SHARE),
        bank=bank,
        return_address=address,
        weight=np.minimum(log_normal(rng, 1.0, MERCHANT_SIGMA, count), LARGEST_MERCHANT),
        flaw=log_normal(rng, 1.0, 0.35, count),
        pay_pace=log_normal(rng, 1.0, 0.3, count) * np.where(chance(rng, 0.08, count), 0.25, 1.0),
        review_pull=log_normal(rng, 0.95, 0.3, count)
        * np.where(chance(rng, 0.06, count), 2.6, 1.0),
        settle_days=SETTLE_DAYS[pick_weighted(rng, SETTLE_SHARE, count)],
        first_product=np.concatenate(([0], np.cumsum(size)[:-1])).astype(np.int64),
        product_count=size,
        warehouse=_warehouses(rng, market),
        erp=pick_weighted(rng, np.power(ERP_DECAY, np.arange(ERP_APPS, dtype=np.float64)), count),
        device=_next(counters, "device", count),
        ip=_next(counters, "ip", count),
        closed_at=np.full(count, NEVER, dtype=np.int64),
    )


def _next(counters: dict[str, int], kind: str, count: int) -> Ints:
    """`count` fresh identifiers."""
    first = counters[kind]
    counters[kind] = first + count
    return np.arange(first, first + count, dtype=np.int64)


def _warehouses(rng: Rng, market: Ints) -> Ints:
    """Where each shop ships from: its own place, or one of its market's logistics firms."""
    count, firms = len(market), max(2, len(market) // 400)
    is_shared = chance(rng, WAREHOUSE_SHARE, count)
    firm = market * firms + rng.integers(0, firms, count)
    own = len(MARKETS) * firms + np.arange(count)
    return np.where(is_shared, firm, own).astype(np.int64)


def _brands(rng: Rng, category: Ints) -> Ints:
    """A brand of each listing's category, -1 for none."""
    per_category_count = len(words.BRANDS) // len(CATEGORIES)
    popular = (per_category_count * rng.random(len(category)) ** 2).astype(np.int64)
    is_branded = chance(rng, BRANDED_SHARE, len(category))
    return np.where(is_branded, category * per_category_count + popular, -1).astype(np.int64)


def _pictures(rng: Rng, count: int, counters: dict[str, int]) -> Ints:
    """A picture per listing; some sellers use the maker's stock photo."""
    image = _next(counters, "image", count)
    stock = np.flatnonzero(chance(rng, STOCK_PHOTO_SHARE, count))
    image[stock] = image[rng.integers(0, count, stock.size)]
    return image


def _products(settings: WorldSettings, merchants: Merchants, counters: dict[str, int]) -> Products:
    rng = stream(settings.seed, "products")
    merchant = np.repeat(np.arange(len(merchants.market)), merchants.product_count)
    count = len(merchant)
    own = merchants.category[merchant]
    category = np.where(chance(rng, 0.12, count), rng.integers(0, len(CATEGORIES), count), own)
    price = per_category("price_usd")[category]
    level = log_normal(rng, 1.0, 0.25, len(merchants.market))[merchant]
    spread = np.exp(rng.normal(0.0, 1.0, count) * per_category("price_sigma")[category])
    late = chance(rng, 0.12, count)
    registered_at = merchants.registered_at[merchant]
    room = np.maximum(settings.end_s - 6 * DAY - np.maximum(registered_at, settings.start_s), 0)
    early = registered_at + (rng.random(count) * 20 * DAY * chance(rng, 0.5, count)).astype(
        np.int64
    )
    fresh = np.maximum(registered_at, settings.start_s) + (room * rng.random(count)).astype(
        np.int64
    )
    brand = _brands(rng, category)
    return Products(
        name=names.product_titles(rng, category, brand).to_list(),
        merchant=merchant,
        category=category,
        price_minor=to_minor(np.maximum(price * level * spread, 1.0), merchants.market[merchant]),
        weight_grams=np.round(
            per_category("weight_grams")[category] * log_normal(rng, 1.0, 0.5, count), 0
        )
        + 4.0,
        listed_at=np.where(late, fresh, np.minimum(early, settings.end_s - DAY)).astype(np.int64),
        brand=brand,
        image=_pictures(rng, count, counters),
        removed_at=np.full(count, NEVER, dtype=np.int64),
    )


def _promoted_merchants(rng: Rng, market: Ints, category: Ints, merchants: Merchants) -> Ints:
    """The shops each creator promotes: same market, mostly same category, larger ones first."""
    agreements = np.zeros((len(market), PROMOTED_MERCHANTS), dtype=np.int64)
    for code in range(len(MARKETS)):
        for family in range(len(CATEGORIES)):
            rows = np.flatnonzero((market == code) & (category == family))
            here = np.flatnonzero(merchants.market == code)
            fit = np.where(merchants.category[here] == family, 8.0, 1.0)
            weight = fit * merchants.weight[here] ** 0.6
            picks = here[pick_weighted(rng, weight, rows.size * PROMOTED_MERCHANTS)]
            agreements[rows] = picks.reshape(-1, PROMOTED_MERCHANTS)
    return agreements


def _creators(settings: WorldSettings, merchants: Merchants, counters: dict[str, int]) -> Creators:
    rng, count = stream(settings.seed, "creators"), settings.creator_count
    market = pick_weighted(rng, per_market("share"), count)
    category = pick_weighted(rng, per_category("share"), count)
    agency_count = max(3, count // 75)
    agency = pick_weighted(rng, log_normal(rng, 1.0, 0.9, agency_count), count)
    agency = np.where(chance(rng, AGENCY_SHARE, count), agency, -1)
    bank = np.arange(count, dtype=np.int64) + counters["bank_account"]
    counters["bank_account"] += count
    paid_by_agency = (agency >= 0) & chance(rng, 0.3, count)
    bank[paid_by_agency] = counters["bank_account"] + agency[paid_by_agency]
    counters["bank_account"] += agency_count
    device = np.arange(count, dtype=np.int64) + counters["device"]
    counters["device"] += count
    weight = np.minimum(log_normal(rng, 1.0, 1.6, count), 90.0)
    ip = _next(counters, "ip", count)
    at_office = (agency >= 0) & chance(rng, OFFICE_IP_SHARE, count)
    ip[at_office] = _next(counters, "ip", agency_count)[agency[at_office]]
    return Creators(
        name=names.handles(rng, market).to_list(),
        market=market,
        category=category,
        registered_at=_registrations(rng, settings, count, 0.07),
        agency=agency,
        bank=bank,
        device=device,
        ip=ip,
        weight=weight,
        followers=np.round(900.0 * weight**0.9 * log_normal(rng, 1.0, 0.7, count)),
        merchants=_promoted_merchants(rng, market, category, merchants),
        account=np.full(count, -1, dtype=np.int64),
    )


def _households(rng: Rng, count: int) -> Ints:
    """Household number of each account, in runs of 1 to 5."""
    size = 1 + pick_weighted(rng, HOUSEHOLD_SHARE, count)
    return np.repeat(np.arange(count), size)[:count]


def _buyers(settings: WorldSettings, counters: dict[str, int]) -> Buyers:
    rng, count = stream(settings.seed, "buyers"), settings.buyer_count
    home = _households(rng, count)
    homes = int(home[-1]) + 1
    market = pick_weighted(rng, per_market("share"), homes)[home]
    device = np.arange(count, dtype=np.int64) + counters["device"]
    spare = device + count
    counters["device"] += 2 * count
    address = home + counters["address"]
    ip = home + counters["ip"]
    counters |= {
        "address": counters["address"] + homes,
        "ip": counters["ip"] + homes,
        "household": homes,
    }
    same_card = np.append(False, home[1:] == home[:-1]) & chance(rng, 0.25, count)
    payment = np.arange(count, dtype=np.int64)
    payment[same_card] -= 1
    counters["payment_token"] = 2 * count
    accounts = Accounts(
        market=market,
        registered_at=_registrations(rng, settings, count, 0.22),
        household=home,
        device=device,
        second_device=np.where(chance(rng, 0.3, count), spare, device),
        address=address,
        ip=ip,
        payment=payment,
        spare_payment=np.arange(count, 2 * count, dtype=np.int64),
        weight=log_normal(rng, 1.0, BUYER_SIGMA, count),
    )
    return Buyers(accounts, count)


def _personal_accounts(settings: WorldSettings, world: World) -> None:
    """Many creators also shop: their own account shares the streaming device, honestly."""
    rng = stream(settings.seed, "personal accounts")
    count = len(world.creators.market)
    for market in range(len(MARKETS)):
        own = np.flatnonzero((world.creators.market == market) & chance(rng, PERSONAL_SHARE, count))
        old = (world.buyers.market == market) & (world.buyers.registered_at < settings.start_s)
        account = rng.choice(np.flatnonzero(old), size=len(own), replace=False)
        world.creators.account[own] = account
        world.buyers.device[account] = world.creators.device[own]
        world.buyers.weight[account] = np.minimum(world.buyers.weight[account], 3.0)


def wind_down(world: World, story_merchants: Ints, story_products: Ints) -> None:
    """Ordinary shops close and ordinary listings are retired; those of stories are left alone."""
    rng, settings = stream(world.settings.seed, "winding down"), world.settings
    merchants, products = world.merchants, world.products
    quiet = np.setdiff1d(np.flatnonzero(merchants.closed_at < 0), story_merchants)
    quiet = quiet[chance(rng, CLOSED_SHARE, len(quiet))]
    merchants.closed_at[quiet] = _ending(rng, settings, merchants.registered_at[quiet])
    unsold = np.setdiff1d(np.flatnonzero(products.removed_at < 0), story_products)
    unsold = unsold[chance(rng, RETIRED_SHARE, len(unsold))]
    products.removed_at[unsold] = _ending(rng, settings, products.listed_at[unsold])


def _ending(rng: Rng, settings: WorldSettings, begun: Ints) -> Ints:
    """An instant at least some weeks after a beginning; NEVER where the data end before."""
    first = np.maximum(begun, settings.start_s) + 20 * DAY
    at = first + (rng.random(len(begun)) * (settings.end_s - settings.start_s)).astype(np.int64)
    return np.where(at < settings.end_s, at, NEVER)


def build(settings: WorldSettings) -> World:
    """All actors of an empty marketplace."""
    counters = dict.fromkeys(IDENTIFIERS, 0)
    merchants = _merchants(settings, counters)
    creators = _creators(settings, merchants, counters)
    per_ip = max(40, settings.buyer_count // 90)  # accounts behind one carrier address: hundreds
    carriers: list[Ints] = []
    for market in MARKETS:
        pool = max(2, int(settings.buyer_count * market.share / per_ip))
        carriers.append(np.arange(pool, dtype=np.int64) + counters["ip"])
        counters["ip"] += pool
    buyers = _buyers(settings, counters)
    world = World(
        settings=settings,
        merchants=merchants,
        creators=creators,
        products=_products(settings, merchants, counters),
        buyers=buyers,
        carrier_ips=carriers,
        counters=counters,
    )
    _personal_accounts(settings, world)
    return world
