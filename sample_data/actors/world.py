"""The actors of the marketplace before anything happens: shops, creators, listings, accounts.

Stories recruit from these actors instead of bringing their own, so that a bad
shop is first of all an ordinary shop; `claim` keeps the stories apart and looks at
as many candidates as it takes, never at everybody: there may be ten million.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sample_data.actors.buyers import Accounts, Buyers
from sample_data.kit.randomness import Bools, Floats, Ints, Rng
from sample_data.kit.settings import WorldSettings

PROMOTED_MERCHANTS = 6  # shops each creator has agreements with
NEVER: Final = -1  # an instant that has not come by the end of the data
IDENTIFIERS: Final = (
    "device",
    "ip",
    "address",
    "payment_token",
    "bank_account",
    "household",
    "image",
    "tracking",
)
OVERSAMPLED, ROUNDS = 6, 10  # candidates drawn per wanted actor, and how often before a full look

Fits = Callable[[Ints], Bools]


@dataclass
class Merchants:
    """Shops, one array position each."""

    name: list[str]
    market: Ints
    category: Ints
    registered_at: Ints
    bank: Ints
    return_address: Ints
    weight: Floats  # relative demand
    flaw: Floats  # multiplies refunds and low ratings
    pay_pace: Floats  # multiplies the time to pay: some shops reward the one-tap wallet
    review_pull: Floats  # multiplies reviews: a card in the parcel asks for one
    settle_days: Ints
    first_product: Ints
    product_count: Ints
    warehouse: Ints  # own, or that of a logistics firm shared by many shops
    erp: Ints  # the app the shop manages its orders with
    device: Ints  # of the back office
    ip: Ints
    closed_at: Ints  # NEVER = open


@dataclass
class Creators:
    """Creators, one array position each."""

    name: list[str]
    market: Ints
    category: Ints
    registered_at: Ints
    agency: Ints  # -1 = none
    bank: Ints
    device: Ints
    ip: Ints
    weight: Floats
    followers: Floats  # at the start
    merchants: Ints  # (creators, PROMOTED_MERCHANTS): shops they have agreements with
    account: Ints  # their own buyer account, -1 = none known


@dataclass
class Products:
    """Listings, grouped by shop."""

    name: list[str]
    merchant: Ints
    category: Ints
    price_minor: Ints
    weight_grams: Floats
    listed_at: Ints
    brand: Ints  # position in words.BRANDS, -1 = unbranded
    image: Ints  # perceptual hash of the main picture
    removed_at: Ints  # NEVER = still on sale


@dataclass(frozen=True)
class MarketBuyers:
    """The accounts of one market by registration, with their summed appetite."""

    account: Ints
    registered_at: Ints
    total_weight: Floats  # one longer than the accounts


@dataclass(frozen=True)
class MarketMerchants:
    """The shops of one market, with their summed weight."""

    merchant: Ints
    total_weight: Floats


@dataclass
class World:
    """All actors, what stories have claimed of them, and the identifier counters."""

    settings: WorldSettings
    merchants: Merchants
    creators: Creators
    products: Products
    buyers: Buyers
    carrier_ips: list[Ints]
    counters: dict[str, int]
    story_actors: dict[str, set[int]] = field(default_factory=dict)
    _founders: dict[tuple[str, int | None], Ints] = field(default_factory=dict)
    _buyers_by_market: dict[int, MarketBuyers] = field(default_factory=dict)
    _merchants_by_market: dict[int, MarketMerchants] = field(default_factory=dict)

    def new_identifiers(self, kind: str, count: int) -> Ints:
        """`count` identifiers of one kind that nobody holds yet."""
        first = self.counters[kind]
        self.counters[kind] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def market_buyers(self, market: int) -> MarketBuyers:
        """The buying accounts of a market; accounts enlisted later have no appetite to miss."""
        if market not in self._buyers_by_market:
            account = self._candidates("buyer", market)
            account = account[np.argsort(self.buyers.registered_at[account], kind="stable")]
            total = np.concatenate(([0.0], np.cumsum(self.buyers.weight[account])))
            by_age = MarketBuyers(account, self.buyers.registered_at[account], total)
            self._buyers_by_market[market] = by_age
        return self._buyers_by_market[market]

    def market_merchants(self, market: int) -> MarketMerchants:
        """The shops of a market and their summed weight."""
        if market not in self._merchants_by_market:
            merchant = self._candidates("merchant", market)
            total = np.cumsum(self.merchants.weight[merchant])
            self._merchants_by_market[market] = MarketMerchants(merchant, total)
        return self._merchants_by_market[market]

    def exists_since(self, entity_type: str, entities: Ints) -> Ints:
        """When each entity came into being; 0 for types that have no such instant."""
        instants = {
            "merchant": self.merchants.registered_at,
            "creator": self.creators.registered_at,
            "product": self.products.listed_at,
            "buyer": self.buyers.registered_at,
        }
        if entity_type not in instants:
            return np.zeros(len(entities), dtype=np.int64)
        return instants[entity_type][entities]

    def _candidates(self, entity_type: str, market: int | None) -> Ints:
        """Founding actors of a type in a market; enlisted accounts are never among them."""
        if (entity_type, market) not in self._founders:
            actors: dict[str, Merchants | Creators | Buyers] = {
                "merchant": self.merchants,
                "creator": self.creators,
                "buyer": self.buyers,
            }
            home = actors[entity_type].market
            rows = np.arange(len(home)) if market is None else np.flatnonzero(home == market)
            self._founders[entity_type, market] = rows.astype(np.int64)
        return self._founders[entity_type, market]

    def claim(
        self,
        entity_type: str,
        rng: Rng,
        count: int,
        market: int | None = None,
        fits: Fits | None = None,
    ) -> Ints:
        """Up to `count` actors of a type and market that fit and no story holds; now held.

        `fits` judges an array of candidate positions. Returns sorted positions.
        """
        pool = self._candidates(entity_type, market)
        held_by_stories = self.story_actors.setdefault(entity_type, set())
        recruits: dict[int, None] = {}
        for attempt in range(ROUNDS + 1):
            last = attempt == ROUNDS or len(pool) <= OVERSAMPLED * count
            size = OVERSAMPLED * count + 32
            candidates = rng.permutation(pool) if last else pool[rng.integers(0, len(pool), size)]
            fitting = candidates if fits is None else candidates[fits(candidates)]
            for position in fitting.tolist():
                if len(recruits) >= count:
                    break
                if position not in held_by_stories:
                    recruits[position] = None
            if last or len(recruits) >= count:
                break
        held_by_stories.update(recruits)
        return np.sort(np.fromiter(recruits, dtype=np.int64, count=len(recruits)))

    def enlist(self, market: int, registered_at: Ints, household: Ints | None = None) -> Ints:
        """New dormant accounts with their own identifiers. Returns their positions."""
        count = len(registered_at)
        home = self.new_identifiers("household", count) if household is None else household
        device = self.new_identifiers("device", count)
        fresh = Accounts(
            market=np.full(count, market, dtype=np.int64),
            registered_at=registered_at.astype(np.int64),
            household=home,
            device=device,
            second_device=device,
            address=self.new_identifiers("address", count),
            ip=self.new_identifiers("ip", count),
            payment=self.new_identifiers("payment_token", count),
            spare_payment=self.new_identifiers("payment_token", count),
            weight=np.zeros(count),
        )
        return self.buyers.add(fresh)
