"""T4 affiliate fraud: a creator's own circle buys through the link and refunds after the payout."""

from dataclasses import dataclass

import numpy as np

from sample_data.kit.evasion_kinds import CELLS, COPIED, MIXED, NAIVE, ROTATED, SLOW, Evasion
from sample_data.kit.markets import AFFILIATE
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Floats, Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.order_requests import NONE
from sample_data.period.shopping_habits import pick_product
from sample_data.planting import ring_tools
from sample_data.planting.account_tools import middling_creators
from sample_data.planting.evasion import cells
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import real_orders
from sample_data.planting.shop_tools import established_buyers

NAME = "T4_AFFILIATE_FRAUD"
VARIANTS = (NAIVE, SLOW, CELLS, ROTATED, MIXED, COPIED)
LOSSES = (Loss("merchant", "commission"),)  # kept when the refund comes after the payout


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T4; "assumption" where it gives none."""

    creators: float = 14.0  # §T4 base: 1-3 % of paid creators
    weight: tuple[float, float] = (0.1, 10.0)  # assumption: neither unknown nor famous
    accounts: tuple[int, int] = (4, 10)  # assumption: linked buyers per creator
    friends: float = 0.5  # assumption: of them who lend an old account
    orders_per_account: tuple[int, int] = (3, 7)  # assumption
    own_device_share: float = 0.45  # §T4: 20-97 % linked by device, address or payment
    same_address_share: float = 0.5  # assumption, as above
    same_payment_share: float = 0.35  # assumption, as above
    click_seconds: tuple[float, float] = (0.8, 4.9)  # §T4: below 5 s
    fast_share: float = 0.85  # assumption: the rest is usual
    careful_fast_share: float = 0.4  # assumption: circles that browse first
    prior_view: float = 0.06  # §T4: no prior view
    careful_prior_view: float = 0.25  # assumption
    refund_chance: tuple[float, float] = (0.68, 0.88)  # §T4: > 60 % return is suspicious
    slow_refund_chance: tuple[float, float] = (0.45, 0.60)  # assumption: like live apparel
    refund_days: tuple[float, float] = (12.0, 25.0)  # §T4, after delivery; good 1-9
    commission_rate: tuple[float, float] = (0.22, 0.38)  # §T4: raised <= 3 d before
    campaign_days: tuple[float, float] = (8.0, 24.0)  # assumption
    merchants: int = 3  # assumption: of those the creator promotes
    copied_review_share: float = 0.4  # assumption: praise makes the buyers look real
    lead_days: int = 12  # assumption: recent rings start earlier, their refunds come weeks later


PARAMETERS = Parameters()
CAREFUL = (SLOW, MIXED)  # variants that look like other shoppers


@dataclass(frozen=True)
class Deal:
    """One creator's scheme."""

    ring: int
    creator: int  # position
    start: int
    evasion: Evasion
    refund_chance: float
    days: float  # from the first order to the last


def circle(plan: Plan, rng: Rng, creator: int, start: int) -> Ints:
    """Linked buyers: partly old accounts of friends, partly opened for the purpose."""
    world, market = plan.world, int(plan.world.creators.market[creator])
    count = int(rng.integers(PARAMETERS.accounts[0], PARAMETERS.accounts[1] + 1))
    old = round(PARAMETERS.friends * count)
    lent = world.claim("buyer", rng, old, market, established_buyers(world, start))
    opened_at = start - (rng.uniform(1.0, 40.0, count - len(lent)) * DAY).astype(np.int64)
    return np.concatenate((lent, world.enlist(market, opened_at)))


def _links(plan: Plan, rng: Rng, deal: Deal, members: Ints) -> dict[str, Ints]:
    """Identifiers that tie each member to the creator; NONE = the member's own."""
    world, size = plan.world, len(members)
    cell = cells(rng, size, deal.evasion)
    homes = world.new_identifiers("address", int(cell.max(initial=0)) + 1)
    cards = world.new_identifiers("payment_token", int(cell.max(initial=0)) + 1)
    phones = world.new_identifiers("device", int(cell.max(initial=0)) + 1)
    phones[0] = world.creators.device[deal.creator]  # only the first cell touches the creator's own
    shares = (
        PARAMETERS.own_device_share,
        PARAMETERS.same_address_share,
        PARAMETERS.same_payment_share,
    )
    links = [chance(rng, share, size) for share in shares]
    links[0][:1] = links[1][:2] = True  # somebody is always close
    values = (phones, homes, cards)
    columns = ("device", "address", "payment")
    return {
        name: np.where(is_linked, pool[cell], NONE)
        for name, is_linked, pool in zip(columns, links, values, strict=True)
    }


def _identity(plan: Plan, rng: Rng, deal: Deal, members: Ints, buyer: Ints) -> dict[str, Ints]:
    """Identifier columns of the orders, some swapped for fresh ones when the circle rotates."""
    own = _links(plan, rng, deal, members)
    column = np.searchsorted(members, buyer)
    fresh = ring_tools.rotated_identifiers(
        plan, rng, len(buyer), ("device", "address", "payment"), deal.evasion
    )
    return {
        name: np.where(values == NONE, own[name][column], values) for name, values in fresh.items()
    }


def _times(plan: Plan, rng: Rng, deal: Deal, buyer: Ints) -> Ints:
    """Order instants over the campaign, as long as refunds still fall inside the data."""
    length = min(deal.days * DAY, max(6.0 * DAY, plan.settings.end_s - deal.start - 8.0 * DAY))
    at = deal.start + (rng.random(len(buyer)) * length).astype(np.int64)
    return np.maximum(at, plan.world.buyers.registered_at[buyer] + HOUR)


def cheat(plan: Plan, rng: Rng, deal: Deal, members: Ints, merchants: Ints) -> None:
    """All orders of one creator's circle at `merchants`, and who takes part."""
    world, members = plan.world, np.sort(members)
    low, high = PARAMETERS.orders_per_account
    buyer = np.repeat(members, rng.integers(low, high + 1, len(members)))
    at = _times(plan, rng, deal, buyer)
    product = pick_product(rng, world, rng.choice(merchants, len(buyer)))
    removed_at = world.products.removed_at[product]
    on_sale = (world.products.listed_at[product] <= at) & ((removed_at < 0) | (removed_at > at))
    at, buyer, product = at[on_sale], buyer[on_sale], product[on_sale]
    count, copies, careful = len(at), deal.evasion.copies_text, deal.evasion in CAREFUL
    quick = chance(rng, PARAMETERS.careful_fast_share if careful else PARAMETERS.fast_share, count)
    days: Floats = rng.uniform(*PARAMETERS.refund_days, count)
    plan.order(
        deal.ring,
        at=at,
        buyer=buyer,
        product=product,
        creator=deal.creator,
        channel=AFFILIATE,
        cancel_chance=0.0,
        click_seconds=np.where(quick, rng.uniform(*PARAMETERS.click_seconds, count), np.nan),
        prior_view=PARAMETERS.careful_prior_view if careful else PARAMETERS.prior_view,
        commission_rate=round(float(rng.uniform(*PARAMETERS.commission_rate)), 2),
        refund_chance=deal.refund_chance,
        refund_days=days,
        lost_chance=0.0,
        review_chance=PARAMETERS.copied_review_share if copies else 0.05,
        copied_text=1.0 if copies else np.nan,
        **_identity(plan, rng, deal, members, buyer),
    )
    until = int(at.max(initial=deal.start))
    plan.admit(deal.ring, "creator", np.array([deal.creator]), deal.start, until)
    plan.admit(deal.ring, "buyer", members, deal.start, until)
    real_orders(plan, rng, count, members, (deal.start, until + 10 * DAY), deal.evasion)


def _facts(plot: Plot, members: Ints) -> tuple[str, ...]:
    """What an analyst should find, by how the circle hides."""
    extra = {
        NAIVE: "most members use the creator's phone, one address or one card",
        SLOW: "a few orders a week, refunded no more often than live apparel",
        CELLS: "groups of three to five share a home; only one group touches the creator's phone",
        ROTATED: "phones, homes and cards change from order to order, the link does not",
        MIXED: "the members also shop elsewhere, and keep that",
        COPIED: "the members praise what they later send back, in other buyers' words",
    }
    return (
        f"{len(members)} accounts buy again and again through one creator's link",
        "refunds come 12 to 25 days after delivery, when the commission is paid",
        "the commission rate was raised before it began",
        extra[plot.variant],
    )


def plant(plan: Plan) -> None:
    """Plant the creators, every second one recent."""
    rng, world = plan.stream(NAME), plan.world
    fits = middling_creators(world, PARAMETERS.weight, plan.settings.start_s)
    for plot in plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.creators, 4, (6.0, 12.0)):
        start = plot.start - (plot.number % 2) * PARAMETERS.lead_days * DAY
        candidates = world.claim("creator", rng, 1, plot.market, fits)
        if len(candidates) == 0:
            continue
        creator = int(candidates[0])
        members = circle(plan, rng, creator, start)
        ring = plan.plant(Ring(NAME, plot.variant.name, losses=LOSSES, facts=_facts(plot, members)))
        span = PARAMETERS.slow_refund_chance if plot.variant is SLOW else PARAMETERS.refund_chance
        days = float(rng.uniform(*PARAMETERS.campaign_days)) * plot.variant.stretch
        deal = Deal(ring, creator, start, plot.variant, float(rng.uniform(*span)), days)
        cheat(plan, rng, deal, members, world.creators.merchants[creator][: PARAMETERS.merchants])
