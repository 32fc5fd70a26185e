"""The actors of the marketplace before anything happens: shops, creators, listings, accounts.

Stories recruit from these actors instead of bringing their own, so that a bad
shop is first of all an ordinary shop; `claim` keeps the stories apart and looks at
as many candidates as it takes, never at everybody: there may be ten million.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np

from sample_data.kit.randomness import (
    Bools,
    Floats,
    Ints,
    Rng,
)
from sample_data.kit.settings import WorldSettings

PROMOTED_SHOPS = 6  # shops each creator has agreements with
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
ENLISTED_SHARE, ENLISTED_LEAST = 0.12, 4_000  # room for accounts that stories open

Fits = Callable[[Ints], Bools]


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
    warehouse: Ints  # own, or that of a logistics firm shared by many shops
    erp: Ints  # the app the shop manages its orders with
    device: Ints  # of the back office
    ip: Ints
    closed: Ints  # NEVER = open


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
    ip: Ints
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
    brand: Ints  # position in words.BRANDS, -1 = unbranded
    image: Ints  # perceptual hash of the main picture
    removed: Ints  # NEVER = still on sale


@dataclass
class Accounts:
    """Backing store of buyer accounts: longer than what is used, so that stories may add."""

    market: Ints
    registered: Ints
    household: Ints
    device: Ints
    second_device: Ints
    address: Ints
    ip: Ints
    payment: Ints
    spare_payment: Ints
    weight: Floats


class Buyers:
    """Accounts with the identifiers they usually buy with; columns are views of what is used."""

    def __init__(self, accounts: Accounts, count: int) -> None:
        """Take the first `count` rows of the store as the accounts there are."""
        self._accounts, self._count = accounts, count

    def __len__(self) -> int:
        """Number of accounts."""
        return self._count

    @property
    def market(self) -> Ints:
        """Market of each account."""
        return self._accounts.market[: self._count]

    @property
    def registered(self) -> Ints:
        """Instant each account was opened."""
        return self._accounts.registered[: self._count]

    @property
    def household(self) -> Ints:
        """Household of each account."""
        return self._accounts.household[: self._count]

    @property
    def device(self) -> Ints:
        """Usual device."""
        return self._accounts.device[: self._count]

    @property
    def second_device(self) -> Ints:
        """Other device; the usual one for most."""
        return self._accounts.second_device[: self._count]

    @property
    def address(self) -> Ints:
        """Usual delivery address."""
        return self._accounts.address[: self._count]

    @property
    def ip(self) -> Ints:
        """Network at home."""
        return self._accounts.ip[: self._count]

    @property
    def payment(self) -> Ints:
        """Usual payment token."""
        return self._accounts.payment[: self._count]

    @property
    def spare_payment(self) -> Ints:
        """Second payment token, rarely used."""
        return self._accounts.spare_payment[: self._count]

    @property
    def weight(self) -> Floats:
        """Relative appetite; 0 = buys only what a story hands in."""
        return self._accounts.weight[: self._count]

    def add(self, rows: Accounts) -> Ints:
        """Append accounts and return their positions; makes room when there is none."""
        more = len(rows.market)
        if self._count + more > len(self._accounts.market):
            self._accounts = _with_room(self._accounts, self._count, more)
        for column in fields(rows):
            store = getattr(self._accounts, column.name)
            store[self._count : self._count + more] = getattr(rows, column.name)
        first, self._count = self._count, self._count + more
        return np.arange(first, self._count, dtype=np.int64)


def _with_room(known: Accounts, used: int, more: int) -> Accounts:
    room = more + max(ENLISTED_LEAST, int(used * ENLISTED_SHARE))
    columns = {column.name: getattr(known, column.name)[:used] for column in fields(known)}
    longer = {name: np.append(kept, np.zeros(room, kept.dtype)) for name, kept in columns.items()}
    return Accounts(**longer)


@dataclass(frozen=True)
class Crowd:
    """The accounts of one market by registration, with their summed appetite."""

    account: Ints
    registered: Ints
    total: Floats  # one longer than the accounts


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
    claimed: dict[str, set[int]] = field(default_factory=dict)
    _here: dict[tuple[str, int | None], Ints] = field(default_factory=dict)
    _crowds: dict[int, Crowd] = field(default_factory=dict)
    _shops: dict[int, tuple[Ints, Floats]] = field(default_factory=dict)

    def new_identifiers(self, kind: str, count: int) -> Ints:
        """`count` identifiers of one kind that nobody holds yet."""
        first = self.counters[kind]
        self.counters[kind] = first + count
        return np.arange(first, first + count, dtype=np.int64)

    def crowd(self, market: int) -> Crowd:
        """The buying accounts of a market; accounts enlisted later have no appetite to miss."""
        if market not in self._crowds:
            here = self._candidates("buyer", market)
            here = here[np.argsort(self.buyers.registered[here], kind="stable")]
            total = np.concatenate(([0.0], np.cumsum(self.buyers.weight[here])))
            self._crowds[market] = Crowd(here, self.buyers.registered[here], total)
        return self._crowds[market]

    def shops(self, market: int) -> tuple[Ints, Floats]:
        """The shops of a market and their summed weight."""
        if market not in self._shops:
            here = self._candidates("merchant", market)
            self._shops[market] = here, np.cumsum(self.merchants.weight[here])
        return self._shops[market]

    def _candidates(self, kind: str, market: int | None) -> Ints:
        """Founding actors of a kind in a market; enlisted accounts are never among them."""
        if (kind, market) not in self._here:
            owners: dict[str, Merchants | Creators | Buyers] = {
                "merchant": self.merchants,
                "creator": self.creators,
                "buyer": self.buyers,
            }
            where = owners[kind].market
            rows = np.arange(len(where)) if market is None else np.flatnonzero(where == market)
            self._here[kind, market] = rows.astype(np.int64)
        return self._here[kind, market]

    def claim(
        self, kind: str, rng: Rng, count: int, market: int | None = None, fits: Fits | None = None
    ) -> Ints:
        """Up to `count` actors of a kind and market that fit and no story holds; now held.

        `fits` judges an array of candidate positions. Returns sorted positions.
        """
        pool, held = self._candidates(kind, market), self.claimed.setdefault(kind, set())
        found: dict[int, None] = {}
        for attempt in range(ROUNDS + 1):
            last = attempt == ROUNDS or len(pool) <= OVERSAMPLED * count
            size = OVERSAMPLED * count + 32
            drawn = rng.permutation(pool) if last else pool[rng.integers(0, len(pool), size)]
            good = drawn if fits is None else drawn[fits(drawn)]
            for position in good.tolist():
                if len(found) >= count:
                    break
                if position not in held:
                    found[position] = None
            if last or len(found) >= count:
                break
        held.update(found)
        return np.sort(np.fromiter(found, dtype=np.int64, count=len(found)))

    def enlist(self, market: int, registered: Ints, household: Ints | None = None) -> Ints:
        """New dormant accounts with their own identifiers. Returns their positions."""
        count = len(registered)
        home = self.new_identifiers("household", count) if household is None else household
        device = self.new_identifiers("device", count)
        fresh = Accounts(
            market=np.full(count, market, dtype=np.int64),
            registered=registered.astype(np.int64),
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
