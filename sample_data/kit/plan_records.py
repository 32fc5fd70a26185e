"""The words stories are told in: rings, losses, plots, leaks, and the logs beside orders."""

from dataclasses import dataclass
from typing import Final

from sample_data.kit.row_log import Defaults
from sample_data.planting.evasion import Evasion

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
    "bin": -1,
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


@dataclass(frozen=True)
class Loss:
    """Who pays for each order of a ring: `share` of the amount that `kind` measures."""

    bearer: str  # platform, merchant, buyer, creator, cardholder, rival
    kind: str  # see `truth.AMOUNTS`
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
