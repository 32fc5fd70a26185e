"""Buyer accounts with the identifiers they usually buy with, and room for those stories open.

The store is longer than what is used, so that a ring of new accounts costs no copy of
ten million others.
"""

from dataclasses import dataclass, fields

import numpy as np

from sample_data.kit.randomness import Floats, Ints

ENLISTED_SHARE, ENLISTED_LEAST = 0.12, 4_000  # room for accounts that stories open


@dataclass
class Accounts:
    """Backing store of buyer accounts: longer than what is used, so that stories may add."""

    market: Ints
    registered_at: Ints
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
    def registered_at(self) -> Ints:
        """Instant each account was opened."""
        return self._accounts.registered_at[: self._count]

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


def _with_room(accounts: Accounts, used: int, more: int) -> Accounts:
    room = more + max(ENLISTED_LEAST, int(used * ENLISTED_SHARE))
    columns = {column.name: getattr(accounts, column.name)[:used] for column in fields(accounts)}
    longer = {name: np.append(rows, np.zeros(room, rows.dtype)) for name, rows in columns.items()}
    return Accounts(**longer)
