"""The actors of the marketplace before anything happens: shops, creators, listings, accounts.

Stories recruit from these actors instead of bringing their own, so that a bad
shop is first of all an ordinary shop; `claim` keeps the stories apart.
"""

from dataclasses import dataclass, field

import numpy as np

from sample_data import names
from sample_data.randomness import (
    Bools,
    Floats,
    Ints,
    Rng,
)
from sample_data.settings import WorldSettings

PROMOTED_SHOPS = 6  # shops each creator has agreements with


@dataclass
class Merchants:
    """Shops, one array position each."""

    name: list[str]
    market: Ints
    category: Ints
    registered: Ints
    bank: Ints
    return_address: Ints
    weight: Floats  # relative demand
    flaw: Floats  # multiplies refunds and low ratings
    pay_pace: Floats  # multiplies the time to pay: some shops reward the one-tap wallet
    review_pull: Floats  # multiplies reviews: a card in the parcel asks for one
    settle_days: Ints
    first_product: Ints
    product_count: Ints


@dataclass
class Creators:
    """Creators, one array position each."""

    name: list[str]
    market: Ints
    category: Ints
    registered: Ints
    agency: Ints  # -1 = none
    bank: Ints
    device: Ints
    weight: Floats
    followers: Floats  # at the start
    shops: Ints  # (creators, PROMOTED_SHOPS)
    account: Ints  # their own buyer account, -1 = none known


@dataclass
class Products:
    """Listings, grouped by shop."""

    name: list[str]
    merchant: Ints
    category: Ints
    price_minor: Ints
    weight_grams: Floats
    listed: Ints


@dataclass
class Buyers:
    """Accounts with the identifiers they usually buy with."""

    name: list[str]
    market: Ints
    registered: Ints
    household: Ints
    device: Ints
    second_device: Ints
    address: Ints
    ip: Ints
    payment: Ints
    weight: Floats

    def __len__(self) -> int:
        """Number of accounts."""
        return len(self.market)


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
    claimed: dict[str, Bools] = field(default_factory=dict)

    def new_identifiers(self, kind: str, count: int) -> Ints:
        """`count` identifiers of one kind that nobody holds yet."""
        first = self.counters[kind]
        self.counters[kind] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def claim(self, kind: str, rng: Rng, count: int, wanted: Bools) -> Ints:
        """Up to `count` actors of a kind where `wanted`, that no other story holds; now held."""
        free = np.flatnonzero(wanted & ~self.claimed[kind])
        taken = np.sort(rng.choice(free, size=min(count, len(free)), replace=False))
        self.claimed[kind][taken] = True
        return taken.astype(np.int64)

    def enlist(
        self, rng: Rng, market: int, registered: Ints, household: Ints | None = None
    ) -> Ints:
        """New dormant accounts with their own identifiers; claimed. Returns their positions."""
        count, first = len(registered), len(self.buyers)
        home = self.new_identifiers("household", count) if household is None else household
        markets = np.full(count, market, dtype=np.int64)
        device = self.new_identifiers("device", count)
        fresh = Buyers(
            name=names.people(rng, markets, home).to_list(),
            market=markets,
            registered=registered.astype(np.int64),
            household=home,
            device=device,
            second_device=device,
            address=self.new_identifiers("address", count),
            ip=self.new_identifiers("ip", count),
            payment=self.new_identifiers("payment_token", count),
            weight=np.zeros(count),
        )
        for column, values in vars(fresh).items():
            known = getattr(self.buyers, column)
            joined = known + values if column == "name" else np.concatenate((known, values))
            setattr(self.buyers, column, joined)
        self.claimed["buyer"] = np.concatenate((self.claimed["buyer"], np.ones(count, dtype=bool)))
        return np.arange(first, first + count, dtype=np.int64)
