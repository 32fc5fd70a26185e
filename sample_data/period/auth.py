"""Sign-ins and credential changes of every account, honest ones from the orders of a block.

A takeover has to hide among people clients forget passwords, buy a second phone, move
house and travel, so all of those happen here at an everyday rate.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl

from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import scramble
from sample_data.kit.plan import PlannedStories
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream
from sample_data.kit.settings import HOUR

# Shares of orders; together they make about 0.3 events per order.
LOGIN_SHARE = 0.17  # signed out since the last visit
FORGOTTEN_SHARE = 0.022  # mistyped the password first
RESET_SHARE = 0.22  # of those that then set a new one
MOVED_SHARE = 0.005  # changed the address book before the order
SECOND_PHONE_SHARE = 0.02  # of orders of people with a second phone: signed in there
NEW_PHONE_SHARE = 0.004  # of orders of the others: signed in on a new phone before or after
STEP_UP_SHARE = 0.6  # of sign-ins on a second phone that were asked for a code, and had it
RENEWED_SHARE = 0.10  # of those that set a new password
ABROAD_SHARE = 0.004  # signed in over a network of another market, then ordered or not
NOISE_SHARE = 0.012  # guesses at any account from anywhere, all in vain
NOISE_SPLIT = (0.86, 0.09, 0.05)  # buyers, shops, creators
MERCHANT_LOGIN_SHARE = 0.022  # back-office sign-ins per order
CREATOR_LOGIN_SHARE = 0.014
NEW_BANK_SHARE = 0.012  # of those sign-ins that change the payout account
NEW_PASSWORD_SHARE = 0.015
NEW_NUMBER_SHARE = 0.006  # of sign-ins to a back office or on another phone
OTHER_DESK_SHARE = 0.03  # of those sign-ins from another machine
TYPO_SHARE = 0.04  # of those sign-ins after a mistyped password
ELSEWHERE_SHARE = 0.06  # of those sign-ins over a mobile network

UNSEEN, UNSEEN_ROOM = 500_000_000, 499_000_000  # device numbers that no order comes from

SCHEMA: Final = {
    "account_type": pl.Utf8,
    "account": pl.Int64,
    "at": pl.Int64,
    "kind": pl.Utf8,
    "device": pl.Int64,
    "ip": pl.Int64,
}


@dataclass(frozen=True)
class Clients:
    """Accounts with the device and the network they are used from."""

    account: Ints
    device: Ints
    ip: Ints

    def where(self, rows: Bools) -> Self:
        """Those at some rows."""
        return type(self)(self.account[rows], self.device[rows], self.ip[rows])


def _rows(account_type: str, kind: str, at: Ints | Floats, clients: Clients) -> pl.DataFrame:
    """Events of one kind."""
    count = len(clients.account)
    return pl.DataFrame(
        {
            "account_type": pl.Series([account_type]).gather([0] * count),
            "account": clients.account,
            "at": at.astype(np.int64),
            "kind": pl.Series([kind]).gather([0] * count),
            "device": clients.device,
            "ip": clients.ip,
        },
        schema=SCHEMA,
    )


def _of(orders: pl.DataFrame, rows: Bools) -> tuple[Clients, Ints]:
    """Who placed these orders with what, and when."""
    columns = {name: orders[name].to_numpy()[rows] for name in ("buyer", "device", "ip", "at")}
    return Clients(columns["buyer"], columns["device"], columns["ip"]), columns["at"]


def _before(rng: Rng, at: Ints, minutes: float) -> Ints:
    """A moment of the same visit, a few minutes before the order."""
    return (at - 20 - log_normal(rng, minutes * 60.0, 0.8, len(at))).astype(np.int64)


def _visits(rng: Rng, orders: pl.DataFrame) -> list[pl.DataFrame]:
    """Sign-ins before an order, some after a typing error, some to change the address book."""
    clients, at = _of(orders, chance(rng, LOGIN_SHARE, orders.height))
    events = [_rows("buyer", "login", _before(rng, at, 7.0), clients)]
    clients, at = _of(orders, chance(rng, FORGOTTEN_SHARE, orders.height))
    signed_in_at = _before(rng, at, 5.0)
    events.append(_rows("buyer", "login", signed_in_at, clients))
    for wait in range(1, 4):  # one to three errors
        again = chance(rng, 0.55 ** (wait - 1), len(at))
        error_at = signed_in_at[again] - (wait * 14 + 9.0 * rng.random(int(again.sum())))
        events.append(_rows("buyer", "login_failed", error_at, clients.where(again)))
    reset = chance(rng, RESET_SHARE, len(at))
    events.append(_rows("buyer", "password_change", signed_in_at[reset] + 40, clients.where(reset)))
    clients, at = _of(orders, chance(rng, MOVED_SHARE, orders.height))
    return [*events, _rows("buyer", "address_change", _before(rng, at, 2.0), clients)]


def _unseen_phones(number: Ints, salt: int) -> Ints:
    """Phones that nobody buys with, always the same one for the same number."""
    return (UNSEEN + scramble(number, salt) % UNSEEN_ROOM).astype(np.int64)


def _other_phones(rng: Rng, world: World, orders: pl.DataFrame) -> list[pl.DataFrame]:
    """People sign in on a second or new phone, pass the code and may renew what they have."""
    buyers, buyer = world.buyers, orders["buyer"].to_numpy()
    owns = buyers.second_device[buyer] != buyers.device[buyer]
    share = np.where(owns, SECOND_PHONE_SHARE, NEW_PHONE_SHARE)
    usual, at = _of(orders, chance(rng, share, orders.height))
    account = usual.account
    other = buyers.second_device[account]
    other = np.where(other == buyers.device[account], _unseen_phones(account, 61), other)
    clients = Clients(account, other, usual.ip)
    signed_in_at = at - (rng.uniform(-6.0, 30.0, len(at)) * HOUR).astype(np.int64)
    events = [_rows("buyer", "login", signed_in_at, clients)]
    has_step_up = chance(rng, STEP_UP_SHARE, len(at))
    events.append(
        _rows("buyer", "step_up_passed", signed_in_at[has_step_up] + 25, clients.where(has_step_up))
    )
    for kind, part in (("phone_change", NEW_NUMBER_SHARE), ("password_change", RENEWED_SHARE)):
        does = chance(rng, part, len(at))
        later = signed_in_at[does] + rng.uniform(60.0, 2_400.0, int(does.sum()))
        events.append(_rows("buyer", kind, later, clients.where(does)))
    return events


def _abroad(rng: Rng, world: World, orders: pl.DataFrame) -> list[pl.DataFrame]:
    """Holidays: the usual phone, a mobile network of another market, sometimes a code."""
    usual, at = _of(orders, chance(rng, ABROAD_SHARE, orders.height))
    clients = Clients(usual.account, usual.device, _network(rng, world, len(at)))
    signed_in_at = at + (rng.uniform(-12.0, 12.0, len(at)) * HOUR).astype(np.int64)
    has_step_up = chance(rng, STEP_UP_SHARE, len(at))
    events = [_rows("buyer", "login", signed_in_at, clients)]
    return [
        *events,
        _rows(
            "buyer", "step_up_passed", signed_in_at[has_step_up] + 30, clients.where(has_step_up)
        ),
    ]


def _network(rng: Rng, world: World, count: int) -> Ints:
    """Mobile networks of any market."""
    pool = np.concatenate(world.carrier_ips)
    return pool[rng.integers(0, len(pool), count)]


def _guesses(
    rng: Rng, world: World, block: Block, account_type: str, accounts: int, count: int
) -> pl.DataFrame:
    """Background noise: somebody somewhere tries an account of a type and fails."""
    account = rng.integers(0, accounts, count)
    phone = _unseen_phones(rng.integers(0, 2**40, count), 62)
    at = rng.integers(block.start_s, block.end_s, count)
    clients = Clients(account, phone, _network(rng, world, count))
    return _rows(account_type, "login_failed", at, clients)


def _back_office(rng: Rng, world: World, account_type: str, at: Ints) -> list[pl.DataFrame]:
    """Sign-ins of shops or creators, busier ones more often, with their rare changes."""
    owners = world.merchants if account_type == "merchant" else world.creators
    total = np.cumsum(np.sqrt(owners.weight))
    count = len(at)
    account = np.searchsorted(total, rng.random(count) * total[-1], side="right").astype(np.int64)
    mobile = chance(rng, ELSEWHERE_SHARE, count)
    ip = np.where(mobile, _network(rng, world, count), owners.ip[account])
    own = chance(rng, 1.0 - OTHER_DESK_SHARE, count)
    desk = np.where(own, owners.device[account], _unseen_phones(rng.integers(0, 2**40, count), 63))
    clients = Clients(account, desk, ip)
    events = [_rows(account_type, "login", at, clients)]
    wrong = chance(rng, TYPO_SHARE, count)
    events.append(_rows(account_type, "login_failed", at[wrong] - 40, clients.where(wrong)))
    changes = (
        ("bank_change", NEW_BANK_SHARE),
        ("password_change", NEW_PASSWORD_SHARE),
        ("phone_change", NEW_NUMBER_SHARE),
    )
    for change, share in changes:
        does = chance(rng, share, count)
        later = at[does] + rng.uniform(60.0, 1_800.0, int(does.sum()))
        events.append(_rows(account_type, change, later, clients.where(does)))
        passed_code = does & chance(rng, STEP_UP_SHARE, count)
        events.append(
            _rows(account_type, "step_up_passed", at[passed_code] + 30, clients.where(passed_code))
        )
    return events


def _moments(rng: Rng, orders: pl.DataFrame, share: float) -> Ints:
    """Instants in the rhythm of the orders, a day or less away from them."""
    at = orders["at"].to_numpy()[chance(rng, share, orders.height)]
    return at + (rng.uniform(-12.0, 12.0, len(at)) * HOUR).astype(np.int64)


def _usual(rng: Rng, world: World, block: Block, orders: pl.DataFrame) -> list[pl.DataFrame]:
    events = _visits(rng, orders) + _other_phones(rng, world, orders)
    events += _abroad(rng, world, orders)
    sizes = (len(world.buyers), len(world.merchants.market), len(world.creators.market))
    account_types = ("buyer", "merchant", "creator")
    for account_type, accounts, part in zip(account_types, sizes, NOISE_SPLIT, strict=True):
        count = int(rng.poisson(NOISE_SHARE * part * orders.height))
        events.append(_guesses(rng, world, block, account_type, accounts, count))
    merchant_at, creator_at = (
        _moments(rng, orders, s) for s in (MERCHANT_LOGIN_SHARE, CREATOR_LOGIN_SHARE)
    )
    events += _back_office(rng, world, "merchant", merchant_at)
    return events + _back_office(rng, world, "creator", creator_at)


def _possible(world: World, rows: pl.DataFrame) -> pl.Series:
    """Whether the account exists at that moment and is still open."""
    account, at = rows["account"].to_numpy(), rows["at"].to_numpy()
    exists = np.zeros(rows.height, dtype=bool)
    registered_at = {
        "buyer": world.buyers.registered_at,
        "merchant": world.merchants.registered_at,
        "creator": world.creators.registered_at,
    }
    for account_type, registered in registered_at.items():
        mine = (rows["account_type"] == account_type).to_numpy()
        exists[mine] = registered[account[mine]] <= at[mine]
    is_merchant = (rows["account_type"] == "merchant").to_numpy()
    shut = world.merchants.closed_at[account[is_merchant]]
    exists[is_merchant] &= (shut < 0) | (at[is_merchant] < shut)
    return pl.Series(exists & (at >= world.settings.start_s) & (at < world.settings.end_s))


def sign_in(
    world: World, stories: PlannedStories, block: Block, orders: pl.DataFrame
) -> pl.DataFrame:
    """Events of a block by time, in the columns of `SCHEMA`: positions, seconds, words."""
    rng = stream(world.settings.seed, block.name("sign-ins"))
    planned = stories.sign_ins.within(block)
    of_stories = planned.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    rows = pl.concat((*_usual(rng, world, block, orders), of_stories))
    return rows.filter(_possible(world, rows)).sort("at", maintain_order=True)
