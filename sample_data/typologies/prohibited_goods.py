"""T11 prohibited goods: counterfeits, removed items that come back, edits after approval.

The listing passes as something harmless and is edited once it is approved; its shop
sells other, honest goods beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import COPIED, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.markets import CATEGORIES
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.language.names import misspelt
from sample_data.period.aftersales import NOT_AS_DESCRIBED
from sample_data.period.complaints import TOPICS
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants
from sample_data.planting.shop_tools import (
    daily_orders,
    date_of,
    merchants_selling,
    moments,
    price_usd,
    products_of,
    walk_in,
)
from sample_data.words import BRANDS

NAME = "T11_PROHIBITED_GOODS"
# A listing has no ring to cut into cells.
VARIANTS = (NAIVE, SLOW, ROTATED, MIXED, COPIED)
COUNTERFEIT, RELISTED, FORBIDDEN = range(3)


@dataclass(frozen=True)
class Habit:
    """How one variant sells."""

    price: tuple[float, float]  # of the brand's median
    lift: float  # assumption: planted orders per usual order of the listing
    genuine: float  # assumption: of planted orders that get the real thing
    not_as_described: float  # of the others


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T11; "assumption" where it gives none."""

    merchants: float = 8.0  # §T11 base: 2-3 % of live listings, found ones far fewer
    daily: tuple[float, float] = (0.4, 8.0)  # assumption: orders a day the shop has anyway
    least_brands: int = 3  # assumption: branded listings of the shop
    window: tuple[float, float] = (30.0, 20.0)  # assumption: days from the ends of the period
    days: tuple[float, float] = (16.0, 36.0)  # assumption
    orders: tuple[int, int] = (16, 60)  # assumption: of one listing
    brand_price: float = 0.40  # §T11: below 40 % of the brand's median
    not_as_described: float = 0.05  # §T11: above 5 %
    approval_days: tuple[float, float] = (1.5, 6.0)  # assumption: from approval to the edit
    removed_days: tuple[float, float] = (3.0, 12.0)  # assumption: from removal to the new listing
    before_days: float = 25.0  # assumption: how long the removed item had been sold
    complaint_chance: float = 0.16  # assumption
    buyers_bear: float = 0.8  # assumption: of what was paid for a fake and not given back
    owner_bears: float = 0.3  # assumption: of order value, lost by the brand's real sellers


PARAMETERS = Parameters()
HABITS = {
    NAIVE: Habit((0.14, 0.36), 5.0, 0.0, 0.22),
    SLOW: Habit((0.42, 0.62), 1.2, 0.15, 0.09),
    ROTATED: Habit((0.24, 0.39), 3.0, 0.1, 0.15),
    MIXED: Habit((0.30, 0.48), 2.0, 0.5, 0.18),
    COPIED: Habit((0.22, 0.39), 3.0, 0.1, 0.14),
}


def _brand_median(plan: Plan, product: int) -> float:
    """The median price of a listing's brand in dollars, over all markets."""
    products = plan.world.products
    same = np.flatnonzero(products.brand == products.brand[product])
    return float(np.median(price_usd(plan.world, same)))


def _pick(plan: Plan, merchant: int, before: int, count: int) -> Ints:
    """The branded listings of a shop that sell best, at most `count`."""
    rows = products_of(plan.world, merchant, before)
    return rows[plan.world.products.brand[rows] >= 0][:count]


def _sellers_of_brands(plan: Plan, before: int) -> Callable[[Ints], Bools]:
    """Shops of the right size with a few branded listings."""
    world = plan.world
    with_brand = world.products.merchant[world.products.brand >= 0]
    brand_count = np.bincount(with_brand, minlength=len(world.merchants.market))
    usual = merchants_selling(world, PARAMETERS.daily, before)

    def fits(rows: Ints) -> Bools:
        fitting: Bools = usual(rows) & (brand_count[rows] >= PARAMETERS.least_brands)
        return fitting

    return fits


def _misspell(plan: Plan, goods: Ints) -> None:
    """Let titles name the brand almost rightly."""
    products = plan.world.products
    for product in goods.tolist():
        brand = BRANDS[int(products.brand[product])]
        products.name[product] = products.name[product].replace(brand, misspelt(brand), 1)


def _factor(plan: Plan, rng: Rng, product: int, plot: Plot) -> float:
    """What the edit multiplies the price by to reach its share of the brand's median."""
    low, high = HABITS[plot.variant].price
    own = float(price_usd(plan.world, np.array([product]))[0])
    return float(rng.uniform(low, high)) * _brand_median(plan, product) / own


def _edit(plan: Plan, rng: Rng, plot: Plot, product: int, image: int) -> tuple[int, int]:
    """Change an approved listing; returns the span in which it is the bad one."""
    start = plot.start + int(rng.uniform(*PARAMETERS.approval_days) * DAY)
    days = float(rng.uniform(*PARAMETERS.days)) * min(plot.variant.stretch, 1.6)
    end = min(start + int(days * DAY), plan.settings.end_s - HOUR)
    switch = plot.number % 3 == FORBIDDEN
    other = (int(plan.world.products.category[product]) + int(rng.integers(1, 9))) % len(CATEGORIES)
    factor = _factor(plan, rng, product, plot)
    category = other if switch else -1
    if plot.variant.stretch > 1.0:  # looks harmless again when the audit comes by
        plan.relist(product, start, factor, category, image, until=end)
    else:
        plan.relist(product, start, factor, category, image)
    return start, end


def _sell(plan: Plan, rng: Rng, ring: int, plot: Plot, product: int, span: tuple[int, int]) -> None:
    """What bargain hunters order and find in the parcel."""
    habit, world = HABITS[plot.variant], plan.world
    merchant = int(world.products.merchant[product])
    usual = float(daily_orders(world)[merchant]) * 0.25 * (span[1] - span[0]) / DAY
    count = int(np.clip(usual * habit.lift, *PARAMETERS.orders))
    market = int(world.merchants.market[merchant])
    at = moments(rng, market, (span[0] + HOUR, span[1]), count)
    buyer = walk_in(plan, rng, market, at)
    at, buyer = at[buyer >= 0], buyer[buyer >= 0]
    fake = ~chance(rng, habit.genuine, len(at))
    copies = plot.variant.copies_text & chance(rng, 0.5, len(at))

    def when_fake(value: float) -> Floats:
        return np.where(fake & ~copies, value, np.nan)

    plan.order(
        ring,
        at=at,
        buyer=buyer,
        product=product,
        refund_chance=np.where(fake, habit.not_as_described, np.nan),
        refund_reason=np.where(fake, float(NOT_AS_DESCRIBED), np.nan),
        five_star_chance=np.where(copies, 0.96, when_fake(0.42)),
        one_star_chance=when_fake(0.45),
        review_chance=np.where(copies, 0.5, np.nan),
        copied_text=np.where(copies, 1.0, np.nan),
        complaint_chance=when_fake(PARAMETERS.complaint_chance),
        complaint_topic=float(TOPICS.index("counterfeit")),
        complaint_days=rng.uniform(0.5, 9.0, len(at)),
    )
    plan.admit(ring, "product", np.array([product]), span[0], int(at.max(initial=span[0])))


def _take_down(plan: Plan, rng: Rng, ring: int, plot: Plot, product: int) -> int:
    """Take an item down before the story starts; returns its picture."""
    removed_at = plot.start - int(rng.uniform(*PARAMETERS.removed_days) * DAY)
    first_s = int(plan.world.products.listed_at[product]) + HOUR
    begin = max(plan.settings.start_s, first_s, removed_at - int(PARAMETERS.before_days * DAY))
    removed_at = max(removed_at, begin + DAY)
    plan.world.products.removed_at[product] = removed_at
    _sell(plan, rng, ring, plot, product, (begin, removed_at))
    return int(plan.world.products.image[product])


def _facts(plot: Plot, goods: int) -> tuple[str, ...]:
    """What an analyst should find."""
    low, high = HABITS[plot.variant].price
    many = "a listing of this shop was" if goods == 1 else f"{goods} listings of this shop were"
    what = {
        COUNTERFEIT: "The title misspells a known brand.",
        RELISTED: "The picture is that of an item of this shop that was removed days before."
        if plot.variant.rotation <= 0.0
        else "An item of this shop was removed days before; the new picture is a reworked one.",
        FORBIDDEN: "The listing was approved in one category and moved to another by the edit.",
    }
    return (
        f"After {date_of(plot.start)} {many} edited, days after approval.",
        f"The new price is {low:.0%} to {high:.0%} of the brand's median.",
        what[plot.number % 3],
        (
            "Buyers return it as not as described and name it counterfeit; "
            "the shop's other goods are returned as usual."
        ),
    )


def _plant_merchant(plan: Plan, rng: Rng, plot: Plot, merchant: int) -> None:
    """One shop with its one to three bad listings."""
    method, world = plot.number % 3, plan.world
    needed = 1 if method == FORBIDDEN else 2
    goods = _pick(plan, merchant, plot.start, needed)
    if len(goods) < needed:
        return
    losses = (
        Loss("platform", "refund", 1.0),
        Loss("buyer", "kept", PARAMETERS.buyers_bear),
        Loss("rival", "items", PARAMETERS.owner_bears),
    )
    facts = _facts(plot, len(goods) - (method == RELISTED))
    ring = plan.plant(Ring(NAME, plot.variant.name, losses=losses, facts=facts))
    image = -1
    if method == RELISTED:
        old = int(goods[0])
        image, goods = _take_down(plan, rng, ring, plot, old), goods[1:]
        if plot.variant.rotation > 0.0:  # cropped and mirrored until the hash differs
            image = int(world.new_identifiers("image", 1)[0])
    if method == COUNTERFEIT:
        _misspell(plan, goods)
    for product in goods.tolist():
        span = _edit(plan, rng, plot, product, image)
        _sell(plan, rng, ring, plot, product, span)
    plan.admit(ring, "merchant", np.array([merchant]), plot.start, plan.settings.end_s)


def plant(plan: Plan) -> None:
    """Plant the shops, every second one recent."""
    rng = plan.stream(NAME)
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.merchants, 3, PARAMETERS.window)
    for plot in all_variants(plots, VARIANTS):
        fits = _sellers_of_brands(plan, plot.start)
        for merchant in plan.world.claim("merchant", rng, 1, plot.market, fits):
            _plant_merchant(plan, rng, plot, int(merchant))
