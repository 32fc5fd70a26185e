"""How somebody else gets into an account, and how the owner takes it back.

Buyers, shops and creators are entered the same way, so one detector can see all three.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sample_data.kit.plan_records import Plot, SignIn
from sample_data.kit.randomness import Ints, Rng, chance
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting.account_tools import CrewIdentifiers, crew_identifiers
from sample_data.planting.plan import Plan
from sample_data.planting.shop_tools import walk_in

CHANGE_MINUTES: Final = (2.0, 55.0)  # docs/domain.md §T8: credential change within the hour
TRIED_PER_OPENED: Final = (8, 25)  # §T8: many accounts, most sign-ins fail
LIST_HOURS: Final = 3.0  # assumption: the list is tried in the hours before one opens
BACK_DAYS: Final = (1.0, 5.0)  # assumption: until the owner is back
NOTICED_SHARE: Final = 0.7  # assumption: owners who are back within the data's days
PHONE_SHARE: Final = 0.5  # assumption: a new phone number rather than a new password


@dataclass(frozen=True)
class Intrusion:
    """Accounts of one kind, entered by one ring with one set of phones and networks."""

    plan: Plan
    ring: int
    account_type: str  # buyer, merchant, creator
    account: Ints
    tools: CrewIdentifiers

    def event(self, rows: Ints, at: Ints, kind: str) -> None:
        """Something the intruder does to the accounts at `rows`."""
        device, ip = self.tools.device[rows], self.tools.ip[rows]
        events = SignIn(self.account_type, self.account[rows], at, kind, device, ip)
        self.plan.sign_in(self.ring, events)

    def enter(self, rng: Rng, at: Ints) -> Ints:
        """Sign-in from an unknown phone, then new locks; returns when the locks were changed."""
        count = len(self.account)
        self.event(np.arange(count), at, "login")
        changed_at = (at + rng.uniform(*CHANGE_MINUTES, count) * 60.0).astype(np.int64)
        phone = chance(rng, PHONE_SHARE, count)
        for change, rows in (("phone_change", phone), ("password_change", ~phone)):
            self.event(np.flatnonzero(rows), changed_at[rows], change)
        return changed_at

    def leave(self, rng: Rng, at: Ints) -> None:
        """Owners who notice prove who they are and take the account back, on the usual device."""
        is_noticed = chance(rng, NOTICED_SHARE, len(self.account)) | (len(self.account) == 1)
        account = self.account[is_noticed]
        device, ip = _home(self.plan, self.account_type, account)
        back = (at + rng.uniform(*BACK_DAYS, len(at)) * DAY).astype(np.int64)[is_noticed]
        for wait, event in ((0, "login_failed"), (90, "step_up_passed"), (180, "password_change")):
            events = SignIn(self.account_type, account, back + wait, event, device, ip)
            self.plan.sign_in(self.ring, events)


def intrude(
    plan: Plan, rng: Rng, plot: Plot, ring: int, account_type: str, accounts: Ints
) -> Intrusion:
    """An intrusion into accounts, with phones and networks that hide as the plot says."""
    tools = crew_identifiers(plan.world, rng, len(accounts), plot.variant)
    return Intrusion(plan, ring, account_type, accounts, tools)


def _home(plan: Plan, account_type: str, account: Ints) -> tuple[Ints, Ints]:
    """Usual device and network of accounts."""
    world = plan.world
    if account_type == "buyer":
        return world.buyers.device[account], world.buyers.ip[account]
    owners = world.merchants if account_type == "merchant" else world.creators
    return owners.device[account], owners.ip[account]


def try_list(intrusion: Intrusion, rng: Rng, market: int, at: Ints, stretch: float) -> None:
    """Leaked passwords are tried from the same networks before each account opens; all fail."""
    low, high = TRIED_PER_OPENED
    member = np.repeat(np.arange(len(at)), rng.integers(low, high + 1, len(at)))
    early = rng.random(len(member)) * LIST_HOURS * HOUR * stretch
    when = (at[member] - early).astype(np.int64)
    account = walk_in(intrusion.plan, rng, market, when)
    exists = account >= 0
    member = member[exists]
    device, ip = intrusion.tools.device[member], intrusion.tools.ip[member]
    failures = SignIn("buyer", account[exists], when[exists], "login_failed", device, ip)
    intrusion.plan.sign_in(intrusion.ring, failures)
