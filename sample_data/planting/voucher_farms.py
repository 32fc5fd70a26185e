"""Farmed accounts and the offers they cash in: what T3 and the cross-domain chain share."""

from dataclasses import dataclass

import numpy as np

from sample_data.actors.promotions import Voucher
from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.randomness import Floats, Ints, Rng, chance, log_normal, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting import ring_tools
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import products_of


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T3; "assumption" where it gives none."""

    size_median: float = 15.0  # §T3: ring size log-normal, median 15
    size_sigma: float = 0.45  # assumption
    size: tuple[int, int] = (6, 80)  # §T3: 5-200
    per_device: tuple[int, int] = (6, 14)  # §T3: 5-50 accounts per device, good 1-3
    per_address: tuple[int, int] = (8, 24)  # §T3: 5-40
    per_ip: int = 12  # assumption
    per_payment: int = 3  # assumption: accounts per prepaid card
    careful_group: int = 3  # assumption: a careful ring stays within a family's number
    young_hours: float = 24.0  # §T3: account age at order
    young_share: float = 0.85  # §T3: 70-95 %
    slow_young_share: float = 0.25  # assumption: a patient ring lets accounts rest for days
    over_min_spend: float = 0.05  # §T3: basket 0-5 % above the minimum
    burst_hours: tuple[float, float] = (1.0, 72.0)  # §T3: after launch
    second_order_share: float = 0.3  # §T3: 1-2 orders, then dormant
    products: tuple[int, int] = (2, 3)  # §T3: few fast-resale items
    pieces: int = 4  # assumption: most pieces per order
    pay_seconds: tuple[float, float] = (10.0, 90.0)  # assumption
    review_share: float = 0.03  # assumption: hardly anybody reviews
    copied_review_share: float = 0.35  # assumption: unless praise makes the accounts look alive


PARAMETERS = Parameters()


def size_of(rng: Rng) -> int:
    """Accounts of one ring."""
    draw = log_normal(rng, PARAMETERS.size_median, PARAMETERS.size_sigma, 1)[0]
    return int(np.clip(draw, *PARAMETERS.size))


def farm(plan: Plan, rng: Rng, market: int, opened_at: Ints, evasion: Evasion) -> Ints:
    """Accounts opened at these instants, sharing phones, addresses, networks and cards."""
    accounts = plan.world.enlist(market, opened_at)
    spans = (PARAMETERS.per_device, PARAMETERS.per_address)
    device, address = (int(rng.integers(low, high + 1)) for low, high in spans)
    if evasion.real_share is not None:
        device = address = PARAMETERS.careful_group
    groups = {"device": device, "address": address}
    groups |= {"ip": PARAMETERS.per_ip, "payment": PARAMETERS.per_payment}
    ring_tools.tie(plan, rng, accounts, groups, evasion)
    return accounts


def newcomers(
    plan: Plan, rng: Rng, voucher: Voucher, evasion: Evasion, count: int
) -> tuple[Ints, Ints]:
    """Accounts opened to cash in an offer: buyer and instant of their one or two orders."""
    longest = voucher.ends - voucher.starts - DAY
    after = log_uniform(rng, PARAMETERS.burst_hours, count) * HOUR * evasion.stretch
    at = voucher.starts + np.minimum(after, longest).astype(np.int64)
    share = PARAMETERS.young_share if evasion.stretch == 1.0 else PARAMETERS.slow_young_share
    prompt = rng.uniform(0.05, PARAMETERS.young_hours - 0.5, count)
    waiting = rng.uniform(PARAMETERS.young_hours, 150.0, count)
    age = np.where(chance(rng, share, count), prompt, waiting)
    accounts = farm(plan, rng, voucher.market, at - (age * HOUR).astype(np.int64), evasion)
    again = chance(rng, PARAMETERS.second_order_share, count)
    later = at[again] + (rng.uniform(0.3, 20.0, int(again.sum())) * HOUR).astype(np.int64)
    return np.concatenate((accounts, accounts[again])), np.concatenate((at, later))


def redeem(
    plan: Plan, rng: Rng, ring: int, evasion: Evasion, **what: Ints | Floats | float
) -> None:
    """Hand in orders of farmed accounts: no looking around, no review, no complaint."""
    count = len(np.atleast_1d(what["at"]))
    copies = evasion.copies_text
    usual: dict[str, Ints | Floats | float] = {
        "pay_seconds": rng.uniform(*PARAMETERS.pay_seconds, count),
        "cancel_chance": 0.0,
        "click_seconds": rng.uniform(4.0, 60.0, count),
        "view_seconds": rng.uniform(3.0, 45.0, count),
        "prior_view": 0.05,
        "refund_chance": 0.01,
        "review_chance": PARAMETERS.copied_review_share if copies else PARAMETERS.review_share,
        "copied_text": 1.0 if copies else np.nan,
    }
    identifiers = ring_tools.rotated_identifiers(
        plan, rng, count, ("device", "ip", "address"), evasion
    )
    plan.order(ring, **(usual | identifiers | what))


def offer_near(plan: Plan, voucher_kind: str, market: int | None, at: int) -> int:
    """Position of the offer of a kind that opens next after an instant, else the latest one."""
    latest = plan.settings.end_s - 3 * DAY
    offers = [
        (offer.starts < at - HOUR, abs(offer.starts - at), position)
        for position, offer in enumerate(plan.promotions.vouchers)
        if offer.kind == voucher_kind and market in (None, offer.market) and offer.starts < latest
    ]
    return min(offers)[2]


def resale_goods(plan: Plan, rng: Rng, voucher: Voucher) -> tuple[Ints, Ints]:
    """A few listings of anybody's that resell fast, and the pieces that just pass the minimum."""
    products = plan.world.products
    span = (voucher.starts - 2 * DAY, min(voucher.ends, plan.settings.end_s))
    goods = ring_tools.products_on_sale(plan, rng, voucher.market, span)
    price = products.price_minor[goods]
    pieces = np.ceil(voucher.min_spend_minor / np.maximum(price, 1)).astype(np.int64)
    over = pieces * price / voucher.min_spend_minor - 1.0
    fit = np.flatnonzero((pieces <= PARAMETERS.pieces) & (over <= PARAMETERS.over_min_spend))
    fit = fit[np.isin(goods[fit], ring_tools.unchanged_products(plan, goods[fit]))]
    picks = fit[: int(rng.integers(PARAMETERS.products[0], PARAMETERS.products[1] + 1))]
    for product in goods[picks].tolist():  # no later change of price: the ring watches it
        plan.relist(product, int(products.listed_at[product]) + HOUR)
    return goods[picks], pieces[picks]


def own_goods(plan: Plan, rng: Rng, voucher: Voucher, merchant: int, begin: int) -> Ints:
    """A colluding shop's listings, repriced half a day before `begin` to just pass the minimum."""
    products, world = plan.world.products, plan.world
    rows = ring_tools.unchanged_products(plan, products_of(world, merchant, begin - 2 * DAY))[
        : PARAMETERS.products[1]
    ]
    target = voucher.min_spend_minor * (1.0 + rng.uniform(0.012, 0.045, len(rows)))
    factors = target / products.price_minor[rows]
    for product, factor in zip(rows.tolist(), factors.tolist(), strict=True):
        plan.relist(product, begin - DAY // 2, price_factor=factor)
    return rows
