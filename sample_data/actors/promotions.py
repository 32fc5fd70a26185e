"""Campaigns and vouchers: the offers that buyers, and some rings, react to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from sample_data.actors.world import World
from sample_data.kit.markets import MARKETS, to_minor
from sample_data.kit.randomness import Ints, chance, stream
from sample_data.kit.settings import DAY, HOUR, WorldSettings

EVERYWHERE = -1  # market or shop code: not bound to one
LAUNCH_EVERY_DAYS = 12  # a new-buyer offer per market, so that there is always one to attack
LAUNCH_DAYS = 9
NEW_BUYER_OFF_USD = 6.0
NEW_BUYER_MIN_USD = 15.0
PAYDAY_OFF_USD, PAYDAY_MIN_USD = 3.0, 18.0
SHIPPING_OFF_USD, SHIPPING_MIN_USD = 1.5, 12.0
SELLER_VOUCHER_SHARE = 0.25  # of shops that offer one
PAYDAY_OF_MONTH = 25


@dataclass(frozen=True)
class Campaign:
    """One promotion; `market` and `merchant` are positions or EVERYWHERE."""

    name: str
    kind: str
    market: int
    merchant: int
    is_approved: bool
    starts: int
    ends: int


@dataclass(frozen=True)
class Voucher:
    """One voucher type in the money of its market."""

    campaign: int  # position, or -1
    kind: str
    market: int
    merchant: int
    discount_minor: int
    min_spend_minor: int
    funded_by: str
    starts: int
    ends: int


@dataclass
class Promotions:
    """Every offer of the period; a position is the offer's internal id."""

    campaigns: list[Campaign] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)

    def run(self, campaign: Campaign) -> int:
        """Add a campaign and return its position."""
        self.campaigns.append(campaign)
        return len(self.campaigns) - 1

    def offer(self, campaign: int, merchant: int, market: int, off: float, least: float) -> int:
        """Add the voucher of a campaign (`off`, `least` in USD) and return its position."""
        owner = self.campaigns[campaign]
        kinds = {"new_buyer": "new_buyer", "payday": "platform", "shipping": "shipping"}
        kind = kinds.get(owner.kind, "seller")
        funded_by = "merchant" if kind == "seller" else "platform"
        money = to_minor(np.array([off, least]), np.array([market, market]))
        span = (owner.starts, owner.ends)
        self.vouchers.append(
            Voucher(
                campaign, kind, market, merchant, int(money[0]), int(money[1]), funded_by, *span
            )
        )
        return len(self.vouchers) - 1

    def launches(self) -> list[int]:
        """Positions of the new-buyer vouchers, by start."""
        positions = [i for i, voucher in enumerate(self.vouchers) if voucher.kind == "new_buyer"]
        return sorted(positions, key=lambda i: (self.vouchers[i].starts, i))

    def open_launch(self, market: Ints, at: Ints) -> Ints:
        """The new-buyer voucher open in each row's market at that moment, -1 for none."""
        launch = np.full(len(at), -1, dtype=np.int64)
        for position in self.launches():
            offer = self.vouchers[position]
            launch[(market == offer.market) & (at >= offer.starts) & (at < offer.ends)] = position
        return launch


def paydays(settings: WorldSettings) -> list[int]:
    """The instants at which a monthly payday campaign starts."""
    days = [settings.day_s(day) for day in range(settings.days)]
    return [day for day in days if datetime.fromtimestamp(day, UTC).day == PAYDAY_OF_MONTH]


def _launch_new_buyer_offers(promotions: Promotions, settings: WorldSettings) -> None:
    for code, market in enumerate(MARKETS):
        for day in range(3 + 2 * code, settings.days - 2, LAUNCH_EVERY_DAYS):
            starts = settings.day_s(day) + 10 * HOUR - market.utc_offset_hours * HOUR
            ends = starts + LAUNCH_DAYS * DAY
            name = f"First order offer {market.code} {1 + day // LAUNCH_EVERY_DAYS}"
            campaign = Campaign(name, "new_buyer", code, EVERYWHERE, True, starts, ends)
            position = promotions.run(campaign)
            promotions.offer(position, EVERYWHERE, code, NEW_BUYER_OFF_USD, NEW_BUYER_MIN_USD)


def _run_paydays(promotions: Promotions, settings: WorldSettings) -> None:
    for number, starts in enumerate(paydays(settings)):
        name = f"Payday sale {number + 1}"
        campaign = Campaign(name, "payday", EVERYWHERE, EVERYWHERE, True, starts, starts + 3 * DAY)
        position = promotions.run(campaign)
        for code in range(len(MARKETS)):
            promotions.offer(position, EVERYWHERE, code, PAYDAY_OFF_USD, PAYDAY_MIN_USD)


def _run_free_shipping(promotions: Promotions, settings: WorldSettings) -> None:
    span = (settings.start_s, settings.end_s + 30 * DAY)
    campaign = Campaign("Shipping on us", "shipping", EVERYWHERE, EVERYWHERE, True, *span)
    position = promotions.run(campaign)
    for code in range(len(MARKETS)):
        promotions.offer(position, EVERYWHERE, code, SHIPPING_OFF_USD, SHIPPING_MIN_USD)


def _offer_seller_vouchers(promotions: Promotions, world: World) -> None:
    settings = world.settings
    rng = stream(settings.seed, "seller vouchers")
    merchants, price = world.merchants, world.products.price_minor
    for merchant in np.flatnonzero(chance(rng, SELLER_VOUCHER_SHARE, len(merchants.market))):
        first = merchants.first_product[merchant]
        median = int(np.median(price[first : first + merchants.product_count[merchant]]))
        step = MARKETS[merchants.market[merchant]].price_step_minor
        first_day_s = max(int(merchants.registered_at[merchant]), settings.start_s)
        starts = first_day_s + int(rng.integers(0, 40)) * DAY
        if starts >= settings.end_s:
            continue
        off = max(step, int(median * rng.uniform(0.06, 0.14)) // step * step)
        ends = starts + int(rng.integers(20, 60)) * DAY
        promotions.vouchers.append(
            Voucher(
                -1,
                "seller",
                int(merchants.market[merchant]),
                int(merchant),
                off,
                median,
                "merchant",
                starts,
                ends,
            )
        )


def build(world: World) -> Promotions:
    """The ordinary offers of the period."""
    promotions = Promotions()
    _launch_new_buyer_offers(promotions, world.settings)
    _run_paydays(promotions, world.settings)
    _run_free_shipping(promotions, world.settings)
    _offer_seller_vouchers(promotions, world)
    return promotions


def seller_voucher_of(promotions: Promotions, merchant_count: int) -> Ints:
    """Position of each shop's own standing voucher, -1 where it has none."""
    position_of = np.full(merchant_count, -1, dtype=np.int64)
    for position, voucher in enumerate(promotions.vouchers):
        if voucher.kind == "seller" and voucher.campaign < 0:
            position_of[voucher.merchant] = position
    return position_of
