"""What the build could not look at, in sentences: which facts are missing, and what is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

SHOWN = 3
"""Sentences before the rest is counted: the page Data has all of them."""


@dataclass(frozen=True)
class Off:
    """What is off for want of one fact, with the labels of each as people read them."""

    reason: str
    features: tuple[str, ...]
    signals: tuple[str, ...]
    packs: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Such as `Table shipments is not delivered: 14 features and 2 schemes are off.` ."""
        counts = (
            (len(self.features), "feature"),
            (len(self.signals), "signal"),
            (len(self.packs), "scheme"),
        )
        parts = [
            f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number
        ]
        total = sum(number for number, _ in counts)
        *most, last = parts
        listed = f"{', '.join(most)} and {last}" if most else last
        return f"{self.reason}: {listed} {'is' if total == 1 else 'are'} off."


def off(rows: pl.DataFrame) -> tuple[Off, ...]:
    """Rows of `pages/packs/unavailable`, in their order."""
    lists = ("features", "signals", "packs")
    return tuple(
        Off(row["reason"], *(tuple(row[name]) for name in lists))
        for row in rows.iter_rows(named=True)
    )


def shortened(several: tuple[Off, ...], most: int = SHOWN) -> tuple[str, ...]:
    """The sentences of the first few, and how many more facts are missing."""
    sentences = tuple(one.sentence for one in several[:most])
    rest = len(several) - most
    if rest <= 0:
        return sentences
    facts = "one more fact is" if rest == 1 else f"{rest} more facts are"
    return (*sentences, f"{facts[:1].upper()}{facts[1:]} missing.")
