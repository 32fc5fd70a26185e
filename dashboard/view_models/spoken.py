"""A feature's stored number as somebody says it: undone first where it is stored as a logarithm.

Models want numbers that are stored as logarithms, differences and entropies; people want orders,
accounts and times. `natural` takes the first back to the second, and nothing else may: what is
stored and what models see stays as it is. docs/decisions/0126-features-in-words.md
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOURS_IN_BLOCK, BLOCKS = 3.0, 8.0
"""The day as the entropy of order times cuts it (`windows.bursts`)."""
STAR_LEVELS = 5.0
HALF = 0.5
_ALTERNATIVE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_UNITS = {"s": "second", "min": "minute", "h": "hour"}


class Spoken(NamedTuple):
    """A number in the three places it is said in; all empty where no words say it."""

    short: str
    """Beside a bar or in a table: `2.31 sd above`."""
    said: str
    """Inside its sentence: `2.31 standard deviations above`."""
    peer: str
    """After "typical peer": `0.10 above`."""


def natural(number: float, shown: str) -> float:
    """The number that is said for a stored one, by a form of `queries.catalogue.SHOWN`.

    Counts from ln(1 + n), typical counts from a mean of ln(n), times from a difference of
    logarithms, a share from their standard deviation; any other form is stored as it is said.
    """
    inverse = _INVERSES.get(shown)
    return inverse(number) if inverse else number


_INVERSES: Mapping[str, Callable[[float], float]] = {
    "log_count": math.expm1,
    "log_mean": math.exp,
    "log_times": math.exp,
    "log_spread": math.expm1,
    # (v - 1) / (v + 1) of a variation v, which is 1 for arrivals by chance.
    "bursts": lambda number: (1.0 + number) / (1.0 - number) if number < 1.0 else math.inf,
    # An entropy over its maximum: as many blocks or levels, used evenly, have the same.
    "hours_of_day": lambda number: HOURS_IN_BLOCK * BLOCKS**number,
    "grades": lambda number: STAR_LEVELS**number,
    # A standard deviation over its maximum of two stars.
    "stars": lambda number: 2.0 * number,
}


def spoken(number: float | None, shown: str) -> Spoken:
    """A stored number by its form, one of `queries.catalogue.SHOWN`; None and NaN are unknown."""
    if shown == "family":
        return Spoken("", "", "")
    if number is None or math.isnan(number):
        return _alike(text.MISSING)
    return _FORMS[shown](natural(number, shown)) if shown in _FORMS else _plain(number, shown)


def filled(sentence: str, number: Spoken) -> str:
    """A sentence of the catalogue with its number, every `{order|orders}` agreeing with it."""
    place = 1 if number.said == "1" else 2
    agreed = _ALTERNATIVE.sub(lambda match: match.group(place), sentence)
    return agreed.replace("{value}", number.said)


def beyond(shown: str, *, is_above: bool) -> str:
    """What makes a bound of a number: `12 or fewer`; empty where there are only two values."""
    if shown in {"yes_no", "family"}:
        return ""
    more, less = _BOUNDS.get(shown, ("or more", "or less"))
    return f" {more if is_above else less}"


_BOUNDS = {
    **dict.fromkeys(("count", "log_count"), ("or more", "or fewer")),
    **dict.fromkeys(("deviations", "points", "more", "change"), ("or higher", "or lower")),
}


def _alike(words: str) -> Spoken:
    return Spoken(words, words, words)


def _plain(number: float, shown: str) -> Spoken:
    """What is stored in the unit it is said in; only lengths of time have a longer word."""
    short = text.value(number, shown)
    amount, _, unit = short.rpartition(" ")
    if unit not in _UNITS:
        return _alike(short)
    long = f"{amount} {_UNITS[unit]}{'' if amount == '1' else 's'}"
    return Spoken(short, long, long)


def _size(number: float) -> str:
    """Without its sign, in digits that somebody says."""
    size = abs(number)
    return f"{size:.2f}" if size < 10.0 else f"{size:,.1f}" if size < 100.0 else f"{size:,.0f}"  # noqa: PLR2004


_LEVEL = Spoken("level", "level with", "level")


def _sided(number: float, above: str, below: str) -> tuple[str, str]:
    """The size, and the word for its side; no word where the size rounds to nought."""
    size = _size(number)
    return size, "" if not size.strip("0.") else above if number > 0.0 else below


def _deviations(number: float) -> Spoken:
    size, side = _sided(number, "above", "below")
    if not side:
        return _LEVEL
    return Spoken(f"{size} sd {side}", f"{size} standard deviations {side}", f"{size} {side}")


def _points(number: float) -> Spoken:
    size, side = _sided(number * 100.0, "above", "below")
    if not side:
        return _LEVEL
    return Spoken(f"{size} pp {side}", f"{size} percentage points {side}", f"{size} {side}")


def _more(number: float) -> Spoken:
    size, side = _sided(number, "more", "fewer")
    if not side:
        return Spoken("as many", "as many as", "as many")
    return Spoken(f"{size} {side}", f"{size} {side} than", f"{size} {side}")


def _change(number: float) -> Spoken:
    size, side = _sided(number * 100.0, "up", "down")
    words = f"{side} {size}%" if side else "unchanged"
    return Spoken(text.value(number, "change"), words, words)


def _times(number: float) -> Spoken:
    return _alike(text.value(number, "times"))


def _percent(number: float) -> Spoken:
    return _alike(text.percent(number))


def _spread(number: float) -> Spoken:
    size = _size(number * 100.0)
    return Spoken(f"{size} pp", f"{size} percentage points", f"{size} points")


def _hours(number: float) -> Spoken:
    return _alike(f"{number:.1f} hours")


def _grades(number: float) -> Spoken:
    size = f"{number:.1f}"
    return Spoken(f"{size} of 5", size, size)


def _stars(number: float) -> Spoken:
    return _alike(f"{number:.2f} stars")


def _of_six(number: float) -> Spoken:
    """Of the six signs of a machine audience (`features.live_session`)."""
    return _alike(f"{text.count(number)} of 6")


def _yes_no(number: float) -> Spoken:
    return _alike("yes" if number >= HALF else "no")


_FORMS: Mapping[str, Callable[[float], Spoken]] = {
    "log_count": lambda number: _alike(text.count(number)),
    "log_mean": lambda number: _alike(text.ratio(number)),
    "log_times": _times,
    "log_spread": _percent,
    "bursts": _times,
    "hours_of_day": _hours,
    "grades": _grades,
    "stars": _stars,
    "of_six": _of_six,
    "deviations": _deviations,
    "points": _points,
    "more": _more,
    "change": _change,
    "spread": _spread,
    "yes_no": _yes_no,
}
