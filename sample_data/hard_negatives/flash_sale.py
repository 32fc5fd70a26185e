"""An approved flash sale: T1 and T3 look-alike, cleared by its campaign and its buyers."""

from dataclasses import dataclass

import numpy as np

from sample_data.actors.promotions import Campaign
from sample_data.kit import timeline
from sample_data.kit.plan_records import Ring
from sample_data.kit.randomness import Floats, Ints, Rng, chance, log_normal, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.order_requests import intents
from sample_data.period.shopping_habits import existing_buyers
from sample_data.planting import ring_tools
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import products_of

NAME = "HN_FLASH_SALE"
CLEARS = "approved campaign, buyers of normal age and history, no shared devices, usual reviews"
FACTS = (
    "ten times the usual orders within hours, nearly all with one voucher",
    "the campaign was approved before it began",
    "buyers are as old as anybody's and share no phones",
)
# What it looks like: many orders of few listings at one shop, cheap, in a burst.
LOOKS_LIKE = ("T1_BRUSHING", "T3_INCENTIVE_ABUSE")


@dataclass(frozen=True)
class Parameters:
    """docs/domain.md §3.2: 10-50x orders in 1-2 hours, vouchers on 80-100 %."""

    per_positive: float = 2.1  # §3.2: at least twice the positives
    orders: tuple[float, float] = (18.0, 110.0)  # assumption
    hours: tuple[float, float] = (1.0, 6.0)  # assumption: most come at the beginning
    voucher_share: tuple[float, float] = (0.80, 1.0)  # §3.2
    prior_view: float = 0.7  # assumption: most had it on their list
    pay_median_seconds: float = 40.0  # assumption: buyers hurry
    markdown: tuple[float, float] = (0.55, 0.9)  # assumption: shelf price during the sale
    discount: float = 0.25  # assumption: voucher, of the cheapest listing's sale price
    products: tuple[int, int] = (3, 5)  # assumption
    weight: tuple[float, float] = (0.15, 40.0)  # assumption: shops that run sales


PARAMETERS = Parameters()


def _goods(plan: Plan, rng: Rng, merchant: int, span: tuple[int, int]) -> tuple[Ints, float]:
    """The listings on sale, marked down for its hours, and the factor of the price."""
    shelf = products_of(plan.world, merchant, span[0] - DAY)
    rows = ring_tools.unchanged_products(plan, shelf)
    rows = rows if len(rows) else shelf
    count = int(rng.integers(PARAMETERS.products[0], PARAMETERS.products[1] + 1))
    goods, factor = rng.permutation(rows)[:count], float(rng.uniform(*PARAMETERS.markdown))
    for product in goods.tolist():
        plan.relist(product, span[0] - HOUR, price_factor=factor, until=span[1])
    return goods, factor


def _offer(plan: Plan, merchant: int, goods: Ints, factor: float, span: tuple[int, int]) -> int:
    """The campaign of a sale and its voucher; returns the voucher's position."""
    world, market = plan.world, int(plan.world.merchants.market[merchant])
    name = f"Flash sale {1 + len(plan.promotions.campaigns)}"
    campaign = plan.promotions.run(Campaign(name, "flash_sale", market, merchant, True, *span))
    least = factor * float(world.products.price_minor[goods].min())
    usd = least / 100.0 * plan.usd_per_unit(market)
    return plan.promotions.offer(campaign, merchant, market, PARAMETERS.discount * usd, 0.9 * usd)


def _sell(plan: Plan, rng: Rng, merchant: int, starts: int) -> dict[str, Ints | Floats]:
    """One sale: its campaign, its voucher and what the crowd orders; buyers come later."""
    span = (starts, starts + int(rng.uniform(*PARAMETERS.hours) * HOUR))
    goods, factor = _goods(plan, rng, merchant, span)
    voucher = _offer(plan, merchant, goods, factor, span)
    ring = plan.plant(Ring(NAME, "honest", facts=FACTS, clears_because=CLEARS))
    plan.admit(ring, "merchant", np.array([merchant]), *span)
    plan.admit(ring, "product", goods, *span)
    count = int(log_uniform(rng, PARAMETERS.orders, 1)[0])
    uses_voucher = chance(rng, float(rng.uniform(*PARAMETERS.voucher_share)), count)
    return {
        "ring": np.full(count, ring),
        "at": (starts + (span[1] - starts) * rng.beta(0.8, 2.0, count)).astype(np.int64),
        "product": rng.choice(goods, count),
        "voucher": np.where(uses_voucher, voucher, -1),
        "campaign": np.full(count, plan.promotions.vouchers[voucher].campaign),
        "pay_seconds": log_normal(rng, PARAMETERS.pay_median_seconds, 0.8, count),
    }


def _merchants(plan: Plan, rng: Rng) -> Ints:
    """Honest shops with something to sell, twice as many as bad ones that look like a sale."""
    world, settings = plan.world, plan.settings
    merchants, (low, high) = world.merchants, PARAMETERS.weight
    bad = sum(plan.admitted("merchant", name) for name in LOOKS_LIKE)
    return world.claim(
        "merchant",
        rng,
        int(np.ceil(PARAMETERS.per_positive * bad)),
        None,
        lambda merchant: (
            (merchants.registered_at[merchant] < settings.start_s)
            & (merchants.weight[merchant] > low)
            & (merchants.weight[merchant] < high)
            & (merchants.closed_at[merchant] < 0)
            & ring_tools.has_stock(world, merchant, settings.start_s)
        ),
    )


def plant(plan: Plan) -> None:
    """Run the sales and let the crowds in."""
    rng, world, settings = plan.stream(NAME), plan.world, plan.settings
    merchants = rng.permutation(_merchants(plan, rng))
    day = np.floor(rng.uniform(4.0, settings.days - 2.0, len(merchants)))
    day[:1] = timeline.HEADLINES[NAME]
    hour = rng.integers(2, 15, len(merchants))
    starts = [settings.day_s(float(d)) + int(h) * HOUR for d, h in zip(day, hour, strict=True)]
    sales = [
        _sell(plan, rng, merchant, at)
        for merchant, at in zip(merchants.tolist(), starts, strict=True)
    ]
    orders = {name: np.concatenate([sale[name] for sale in sales]) for name in sales[0]}
    market = world.merchants.market[world.products.merchant[orders["product"].astype(np.int64)]]
    buyer = existing_buyers(rng, world, market, orders["at"].astype(np.int64))
    exists = buyer >= 0
    honest = {name: values[exists] for name, values in (orders | {"buyer": buyer}).items()}
    plan.orders.append(intents(**honest, prior_view=PARAMETERS.prior_view))
