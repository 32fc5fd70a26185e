"""Text that is safe to show: names from data are hostile until they pass here.

Shop names and handles are typed by the people under investigation, so every
surface has its own door: `md_escape` for markdown (labels, captions, metrics,
tabs), `plain` for table cells and plots, `csv_cell` for downloads.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from dashboard.currency import Currency, shown
from queries.free_text import hidden_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NO_NAME = "(no name)"
_DOUBLE, _TENFOLD = 1.995, 9.95
_LARGEST_LOG_ODDS = 20.0
"""Hundreds of millions to one; beyond it nobody reads a factor."""
MISSING = "\u2013"  # en dash
# Longer names push the numbers out of a row; the whole text stays for hover.
NAME_LENGTH = 48
# For hover and copy, for notes and evidence: what is longer was written by no person for another.
LONGEST_TEXT = 4_000
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=\"'/@])")
_AUTOLINK = re.compile(r"(?i)(https?:|ftp:|mailto:|xmpp:|www)(?=[/.])|@")
_NO_FILE_NAME = re.compile(r"[^\w.-]")
_WORD_JOINER = "\u2060"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Cc control, Cf format (bidi overrides, zero width), Cs surrogate, Co private, Cn unassigned,
# Zl/Zp line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MONEY_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))
_ROUNDS_UP = 0.9995  # from this share of a step on, three digits round up to the step
_CENTS_UNTIL = 100.0
_FEW = 10  # minor units from which a price needs no fraction of one
_SECONDS = {"seconds": 1.0, "hours": 3600.0, "days": 86400.0}
# Below `limit` seconds, in units of `size` seconds: 90 minutes reads better than 1.5 h.
_DURATION_STEPS = ((90, 1, "s"), (90 * 60, 60, "min"), (48 * 3600, 3600, "h"))


@dataclass(frozen=True)
class Name:
    """A name in two lengths: `short` for the row, `full` for hover and copy."""

    short: str
    full: str


def visible(text: object, *, longest: int = LONGEST_TEXT) -> str:
    """`text` on one line, every invisible or direction-changing character shown as [U+XXXX].

    Cut to `longest` characters before it is walked: a name may be megabytes long, and costs
    no more than a long one.
    """
    start = str(text)[:LONGEST_TEXT].lstrip()
    cut = start[:longest]
    shown = cut if cut.isprintable() else "".join(map(_visible_character, cut))
    return shown.strip() + ("…" if len(start) > longest or len(str(text)) > LONGEST_TEXT else "")


def written(text: object, *, longest: int = LONGEST_TEXT) -> str:
    """`visible` of what somebody typed, without what has the form of personal data."""
    return visible(hidden_text(str(text)[:LONGEST_TEXT]), longest=longest)


def _visible_character(character: str) -> str:
    if character in "\r\n\t\u2028\u2029":
        return " "
    if unicodedata.category(character) in _UNSEEN:
        return f"[U+{ord(character):04X}]"
    return character


def name_of(text: object, *, length: int = NAME_LENGTH) -> Name:
    """Both lengths of a name; an empty one reads "(no name)"."""
    return Name(plain(text, length=length), visible(text if text is not None else "") or NO_NAME)


def plain(text: object, *, length: int = NAME_LENGTH) -> str:
    """A name for a table cell or a plot label: one line, visible, shortened, never empty."""
    line = visible(text if text is not None else "", longest=length + 1) or NO_NAME
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def md_escape(text: object, *, length: int | None = None) -> str:
    """`text` shown literally by Streamlit markdown: no link, image, colour, maths or HTML."""
    return _literal(name_of(text, length=length).short if length else visible(text))


def _literal(line: str) -> str:
    """Visible text as markdown, with a backslash before every sign that markdown reads."""
    joined = _AUTOLINK.sub(lambda match: match.group(0) + _WORD_JOINER, line)
    return _MARKDOWN.sub(r"\\\1", joined)


def md_piece(piece: str) -> str:
    """A piece of a text, literally; unlike `md_escape` it keeps the blanks at its ends."""
    return _literal("".join(map(_visible_character, piece)))


def plot_text(text: object, *, length: int = NAME_LENGTH) -> str:
    """A name inside a Plotly figure, which reads `<a>` and `<b>` as HTML."""
    line = plain(text, length=length)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def csv_cell(value: object) -> object:
    """A value for a CSV export: text that a spreadsheet would run as a formula gets a '."""
    if not isinstance(value, str):
        return value
    risky = value.lstrip(" \u00a0\ufeff").startswith(_FORMULA) or value.startswith(_FORMULA)
    return f"'{value}" if risky else value


def file_stem(identifier: str) -> str:
    """An id as part of a file's name: `EU/mer 1` is `EU_mer_1`, and no other id is the same."""
    stem = _NO_FILE_NAME.sub("_", identifier)[:NAME_LENGTH].strip(".")
    if stem == identifier:
        return stem
    return f"{stem}-{zlib.crc32(identifier.encode()):08x}"


def _number(value: float | None) -> float | None:
    """A number, or None where there is none: null or NaN."""
    return None if value is None or math.isnan(value) else value


def money(usd: float | None, *, compact: bool = True) -> str:
    """US dollars in the currency shown: `$1.2K` compact, `$1,234.50` in full."""
    dollars, currency = _number(usd), shown()
    if dollars is None:
        return MISSING
    amount = dollars * currency.per_usd
    size = _compact(abs(amount), currency) if compact else f"{abs(amount):,.{currency.decimals}f}"
    is_nought = not size.strip("0.,")
    return f"\u2212{currency.sign}{size}" if amount < 0 and not is_nought else currency.sign + size


def _compact(amount: float, currency: Currency) -> str:
    for step, suffix in _MONEY_STEPS:
        if amount >= step * _ROUNDS_UP:
            return f"{_significant(amount / step)}{suffix}"
    if amount >= _CENTS_UNTIL or not currency.decimals:
        return f"{amount:,.0f}"
    return f"{amount:.{currency.decimals}f}".removesuffix(f".{'0' * currency.decimals}")


def price(usd: float) -> str:
    """What one event is worth: below ten minor units a digit more, for a view costs a fraction."""
    currency = shown()
    amount = usd * currency.per_usd
    digits = currency.decimals + (amount < _FEW * currency.least)
    return f"{currency.sign}{amount:,.{digits}f}"


def money_tick(amount: float) -> str:
    """A place on an axis, in the currency shown; below a minor unit as many digits as it has."""
    currency = shown()
    if 0.0 < abs(amount) < currency.least:
        return f"{currency.sign}{amount:.4g}"
    return money(amount / currency.per_usd)


def percent(share: float | None, *, digits: int = 1) -> str:
    """A share in 0..1 as a percentage: 0.034 -> `3.4%`."""
    part = _number(share)
    return MISSING if part is None else f"{part * 100:z,.{digits}f}%"


def bps(share: float | None) -> str:
    """A share 0..1 in hundredths of a per cent, as in `152 bps`."""
    number = _number(share)
    return MISSING if number is None else f"{number * 10_000.0:,.0f} bps"


def signed(number: float, digits: int) -> str:
    """A number with its sign, a true minus below zero and none where it rounds to nought."""
    size = f"{abs(number):,.{digits}f}"
    if not size.strip("0.,"):
        return size
    return ("+" if number > 0 else "\u2212") + size


def times_odds(log_odds: float, digits: int = 2) -> str:
    """What something multiplies the odds by, or divides them by where it lowers them.

    `digits` are those of a factor below two; a larger one needs fewer. What does nothing
    multiplies by one.
    """
    factor = math.exp(min(abs(log_odds), _LARGEST_LOG_ODDS))
    places = digits if factor < _DOUBLE else 1 if factor < _TENFOLD else 0
    size = f"{factor:,.{places}f}"
    falls = log_odds < 0.0 and float(size.replace(",", "")) != 1.0
    return ("÷" if falls else "×") + size


def count(value: float | None) -> str:
    """A whole number with thousands separators."""
    number = _number(value)
    return MISSING if number is None else f"{number:z,.0f}"


def ratio(value: float | None) -> str:
    """A plain number to three significant digits."""
    number = _number(value)
    return MISSING if number is None else _significant(number)


def _significant(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 * _ROUNDS_UP else f"{number:z.3g}"


def duration(value: float | None, unit: str) -> str:
    """A length of time: `unit` is seconds, hours or days; shown in the unit that reads best."""
    number = _number(value)
    return MISSING if number is None else _duration_of(number * _SECONDS[unit])


def _duration_of(seconds: float) -> str:
    for limit, size, unit in _DURATION_STEPS:
        if abs(seconds) < limit:
            return f"{_significant(seconds / size)} {unit}"
    return f"{_significant(seconds / _SECONDS['days'])} days"


def _multiple(number: float) -> str:
    """Two decimals, so that even one reads as a measure: `1.00`."""
    return f"{number:.2f}" if number < 10.0 else f"{number:,.1f}"  # noqa: PLR2004


def _change(share: float) -> str:
    """Growth with its sign: 2.78 -> `+278.0%`."""
    return f"{signed(share * 100.0, 1)}%"


_RELATIVE: dict[str, Callable[[float], str]] = {
    "per_100": lambda part: f"{part * 100.0:z,.1f}",
    "change": _change,
    "times": lambda part: f"{_multiple(part)} times",
}
"""How a number reads that is divided by another of its kind and is no part of it."""


def value(number: float | None, unit: str) -> str:
    """A number in its unit: bps or one of `queries.catalogue.FORMATS` but `points`.

    A `percent` is a part of a whole, `per_100` and the others say of what is no part. What a
    feature's number is called in words: `dashboard.view_models.spoken`.
    """
    if unit in _RELATIVE:
        known = _number(number)
        return MISSING if known is None else _RELATIVE[unit](known)
    if unit in ("hours", "days", "seconds"):
        return duration(number, unit)
    if unit == "money":
        return money(number)
    if unit == "percent":
        return percent(number)
    if unit == "bps":
        return bps(number)
    return count(number) if unit == "count" else ratio(number)


def age(since: date | datetime | None, now: date | datetime) -> str:
    """How long ago, in whole units: `today`, `3 days`, `5 weeks`, `2 years`."""
    if since is None:
        return MISSING
    days = (_day(now) - _day(since)).days
    if days < 1:
        return "today"
    for size, unit in ((365, "year"), (60, "month"), (21, "week")):
        if days >= size:
            return _plural(days // {"year": 365, "month": 30, "week": 7}[unit], unit)
    return _plural(days, "day")


def _day(instant: date | datetime) -> date:
    return instant.date() if isinstance(instant, datetime) else instant


def _plural(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def plural(number: int, singular: str, many: str | None = None) -> str:
    """`1 order`, `1,204 orders`."""
    return f"{number:,} {singular if number == 1 else many or singular + 's'}"


def joined(parts: Sequence[str]) -> str:
    """Words as one says them in a row: `a, b and c`."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
