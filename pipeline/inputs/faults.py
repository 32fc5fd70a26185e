"""What a person reads about one way in which a delivery breaks the contract.

A sentence names the file, the column, how many rows and three of them, why it matters and what
to do: who mends an export has to find the row, and who cannot mend it has to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

EXAMPLES = 3
"""Ids named of one fault."""
LONGEST_EXAMPLE = 40
"""Characters shown of an id: a longer one is a text in the wrong column."""

LEAST_SHARE = 0.0001
"""Share of a table that is worth a figure."""


class Verdict(Enum):
    """What becomes of the rows of a fault."""

    REFUSED = "refused"
    SET_ASIDE = "set aside"
    NOTE = "note"
    """They stay, and it is said."""


@dataclass(frozen=True)
class Fault:
    """One way in which a file breaks the contract."""

    file: str
    column: str
    """Column or columns concerned; empty when the whole file is."""
    rows: int
    """How many rows are at fault; 0 when the file itself is."""
    found: str
    remedy: str
    why: str = ""
    """One sentence, where what was found does not say it already."""
    examples: tuple[str, ...] = ()
    """Keys of the first rows at fault, fit to be shown."""
    of_rows: int = 0
    """Rows of the table; 0 where nobody counted."""
    verdict: Verdict = Verdict.REFUSED
    limit: float = 0.0
    """Share of its table that may be set aside."""

    def __str__(self) -> str:
        place = f"{self.file}, {self.column}" if self.column else self.file
        rows = f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}: " if self.rows else ""
        examples = f" ({', '.join(self.examples)})" if self.examples else ""
        more = " ".join(part for part in (self.why, self.remedy, self._outcome()) if part)
        return f"{place}: {rows}{self.found}{examples}. {more}"

    def _outcome(self) -> str:
        if self.verdict is Verdict.NOTE:
            return "Only said: nothing is set aside."
        if not self.of_rows:
            return ""
        part = self.rows / self.of_rows
        share = f"{part:.2%} of the table" if part >= LEAST_SHARE else "hardly any of the table"
        if self.verdict is Verdict.SET_ASIDE:
            return f"Set aside: {share}."
        return f"That is {share}; up to {self.limit:.2%} may be set aside (--tolerate)."


def many(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def shown(value: str) -> str:
    """An id as a terminal may show it: what cannot be seen is escaped, what is long is cut.

    Blanks at its ends are shown between quotation marks.
    """
    cut = value if len(value) <= LONGEST_EXAMPLE else value[:LONGEST_EXAMPLE] + "…"
    visible = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in cut
    )
    return visible if visible and visible == visible.strip() else f'"{visible}"'
