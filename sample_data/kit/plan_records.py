"""The records a story is planned in: rings, losses, plots, leaks, and rows beside orders.

A record with array fields stands for as many rows; a single value repeats.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.randomness import Floats, Ints
from sample_data.kit.row_log import Defaults

Positions: TypeAlias = Ints | int  # of actors or identifiers
Instants: TypeAlias = Ints | int

RECENT_DAYS = 30  # a ring that starts later than this before the end counts as recent
# Columns of what stories hand in beside orders; -1 = none.
SIGN_IN: Final[Defaults] = {
    "ring": -1,
    "account_type": "buyer",
    "account": -1,
    "at": -1,
    "kind": "login",
    "device": -1,
    "ip": -1,
}
ACCESS: Final[Defaults] = {
    "ring": -1,
    "staff": -1,
    "at": -1,
    "action": "view",
    "warehouse": -1,
    "erp": -1,
    "orders": 1,
}
DECLINE: Final[Defaults] = {
    "ring": -1,
    "at": -1,
    "buyer": -1,
    "payment": -1,
    "device": -1,
    "ip": -1,
    "amount_usd": 0.0,
    "card_bin": -1,
}
MEMBER: Final[Defaults] = {
    "entity_type": "buyer",
    "entity": -1,
    "ring": -1,
    "role": "actor",
    "since": -1,
    "until": -1,
}
ROLES = ("actor", "victim", "compromised")
KEPT: Final = -1  # category or picture not changed


@dataclass(frozen=True)
class Loss:
    """Who pays for each order of a ring: a share of an amount."""

    bearer: str  # platform, merchant, buyer, creator, cardholder, rival
    amount: str  # see `truth.AMOUNTS`
    share: float = 1.0


@dataclass(frozen=True)
class Ring:
    """One planted story: entities that act together, or one that looks as if it did."""

    typology: str
    variant: str
    losses: tuple[Loss, ...] = ()
    facts: tuple[str, ...] = ()  # what an analyst should find; no ids
    clears_because: str = ""

    @property
    def is_hard_negative(self) -> bool:
        """Whether the story only looks bad."""
        return self.typology.startswith("HN_")


@dataclass(frozen=True)
class Plot:
    """When, where and how one ring of a typology acts."""

    number: int
    variant: Evasion
    start: int
    market: int


@dataclass(frozen=True)
class Leak:
    """Order data sold out of a warehouse's ERP: its buyers are called by strangers."""

    ring: int
    warehouse: int
    erp: int
    start: int
    end: int
    victim_share: float
    delay_hours: tuple[float, float]


@dataclass(frozen=True)
class Membership:
    """Entities that belong to a ring, in one role and for one span of time."""

    entity_type: str
    entities: Ints
    since: int
    until: int
    role: str = "actor"


@dataclass(frozen=True)
class Relist:
    """A change to one listing that a story asks for; taken back at `until` unless NEVER."""

    product: int
    at: int
    price_factor: float
    category: int
    image: int
    until: int


@dataclass(frozen=True)
class FollowerStep:
    """Followers that arrive at once and mostly leave again."""

    creator: int
    day: int  # of the period
    gain: int
    lost_share: float
    over_days: int  # from `day`, until the lost share is gone


@dataclass(frozen=True)
class SignIn:
    """Sign-ins and credential changes of accounts (positions of `account_type`)."""

    account_type: str
    account: Positions
    at: Instants
    kind: str  # login, login_failed, password_change ...
    device: Positions
    ip: Positions


@dataclass(frozen=True)
class StaffAccess:
    """Rows of the staff access log."""

    staff: Positions
    at: Instants
    action: str
    warehouse: Positions
    erp: Positions
    orders: Ints | int  # opened or exported at once


@dataclass(frozen=True)
class Decline:
    """Declined payment attempts that never became an order."""

    at: Instants
    buyer: Positions
    payment: Positions
    device: Positions
    ip: Positions
    amount_usd: Floats | float
    card_bin: Positions  # first digits of the card
