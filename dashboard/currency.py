"""The one currency that amounts are shown in: tables hold US dollars, people may read another.

A build says which and at what rate; dollars where it says nothing. Whoever draws says so once
(`show_in`), and every amount that passes `dashboard/text.py` or a money column follows.
"""

from __future__ import annotations

import math
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_SIGNS = {"USD": "$", "EUR": "\N{EURO SIGN}", "GBP": "\N{POUND SIGN}", "JPY": "\N{YEN SIGN}"}
"""Signs that every font has and that mean one currency here; the others go by their code."""
_RATE_DIGITS = 4


@dataclass(frozen=True)
class Currency:
    """How an amount of US dollars is shown."""

    code: str = "USD"
    decimals: int = 2
    per_usd: float = 1.0
    """What one US dollar is in it."""
    rate_day: date | None = None
    """The day of that rate; None = it was delivered as it is."""

    @property
    def sign(self) -> str:
        """What stands before an amount: `$`, or a code with a space that does not break."""
        return _SIGNS.get(self.code, f"{self.code}\N{NO-BREAK SPACE}")

    @property
    def unit(self) -> str:
        """The sign where it stands alone, as in `$ / min`."""
        return self.sign.strip()

    @property
    def least(self) -> float:
        """The smallest amount that is a whole minor unit."""
        return float(10.0**-self.decimals)

    def column(self, *, whole: bool = True) -> str:
        """The number format of a column of converted amounts."""
        return f"{self.sign}%,.{0 if whole else self.decimals}f"

    def sentence(self) -> str:
        """Which currency and rate amounts are shown in; empty for the dollars that tables hold."""
        if self.code == "USD":
            return ""
        of = f"the rate of {self.rate_day}" if self.rate_day else "the rate that was delivered"
        digits = max(_RATE_DIGITS - 1 - math.floor(math.log10(self.per_usd)), 0)
        rate = f"{self.per_usd:,.{digits}f}"
        return f"Amounts are shown in {self.code} at {of}: 1 USD = {rate} {self.code}."


DOLLARS = Currency()
_SHOWN: ContextVar[Currency] = ContextVar("currency of amounts", default=DOLLARS)
"""A thread each: two people may look at two builds."""


def show_in(currency: Currency) -> None:
    """From now on amounts are shown in `currency`."""
    _SHOWN.set(currency)


def shown() -> Currency:
    """What amounts are shown in."""
    return _SHOWN.get()
