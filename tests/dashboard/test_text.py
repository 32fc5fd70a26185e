"""Names from data are hostile until they pass `dashboard.text`."""

from __future__ import annotations

import math
import re
import timeit
from datetime import date
from typing import TYPE_CHECKING

import pytest

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = (
    "<script>alert(1)</script>",
    "![](https://evil.example/px)",
    "[click](javascript:alert(1))",
    "www.evil.example a@evil.example https://evil.example",
    ":red[x] $x^2$ **bold** `code` # title",
    "\u202egnp.exe",
    "line one\nline two\r\nthree",
    "",
    "   ",
    "n" * 300,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_plain_is_one_visible_line_of_bounded_length(name: str) -> None:
    """Whatever was typed, a cell gets 1 to 48 visible characters on one line."""
    line = text.plain(name)
    assert 0 < len(line) <= text.NAME_LENGTH
    assert line.isprintable()


def test_plain_names_direction_overrides_and_absence() -> None:
    """A bidi override is shown by its code point, an empty name as (no name)."""
    assert text.plain("\u202egnp.exe") == "[U+202E]gnp.exe"
    assert text.plain("") == text.plain(None) == text.NO_NAME


def test_the_full_name_survives_shortening() -> None:
    """Hover shows what the row had to cut."""
    name = text.name_of("n" * 300)
    assert name.full == "n" * 300
    assert name.short.endswith("…")


@pytest.mark.parametrize("show", [text.visible, text.plain, text.md_escape, text.plot_text])
@pytest.mark.parametrize("piece", ["n", "\u202e", " ", "<a>", "店", "\n"])
def test_a_name_of_megabytes_costs_no_more_than_a_long_one(
    show: Callable[[str], str], piece: str
) -> None:
    """It is cut before it is walked: a page of such names is still a page."""
    long, endless = piece * text.LONGEST_TEXT, piece * 5_000_000
    assert len(show(endless)) <= 20 * text.LONGEST_TEXT
    # Walked, it would cost a thousand times as much.
    assert least_seconds(show, endless) < 20 * least_seconds(show, long)


def least_seconds(show: Callable[[str], str], name: str) -> float:
    """The least of some measurements: what else the machine does only adds."""
    return min(timeit.repeat(lambda: show(name), number=1, repeat=7))


@pytest.mark.parametrize("name", HOSTILE)
def test_every_markdown_character_is_escaped(name: str) -> None:
    """No markdown character stands without its backslash."""
    escaped = text.md_escape(name)
    unescaped = escaped.replace("\\\\", "")
    for position, character in enumerate(unescaped):
        if character in "`*_{}[]()#+-.!|<>~$:&^=\"'/@":
            assert unescaped[position - 1] == "\\"


def test_bare_addresses_do_not_become_links() -> None:
    """A word joiner breaks what markdown would turn into a link by itself."""
    assert "www\u2060" in text.md_escape("www.evil.example")
    assert "@\u2060".replace("@", "\\@") in text.md_escape("a@evil.example")


def test_plot_text_cannot_carry_markup() -> None:
    """Plotly reads a few HTML tags; none survive."""
    assert "<" not in text.plot_text("<a href='https://evil.example'>x</a>", length=200)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", " =", "\ufeff=", "＝"])
def test_a_spreadsheet_reads_formulas_as_text(start: str) -> None:
    """Text that would run as a formula is quoted; numbers and plain text are not."""
    assert str(text.csv_cell(f"{start}HYPERLINK(1)")).startswith("'")
    assert text.csv_cell("Tea = good") == "Tea = good"
    assert text.csv_cell(-4.5) == -4.5


def test_an_id_names_a_file_of_its_own() -> None:
    """No folder, no dot in front, no formula, and two ids never the same file."""
    ids = [
        "mer_1",
        "EU/mer_1",
        "EU_mer_1",
        "../../etc",
        ".env",
        "a b",
        "a:b",
        "店" * 256,
        "\u202ex",
    ]
    stems = [text.file_stem(one) for one in ids]
    assert len(set(stems)) == len(ids)
    assert stems[0] == "mer_1"
    for stem in stems:
        assert re.fullmatch(r"[\w-][\w.-]*", stem)
        assert len(stem) < 64


@pytest.mark.parametrize(
    ("usd", "expected"),
    [
        (None, text.MISSING), (0.0, "$0"), (3.5, "$3.50"), (87.0, "$87"), (999.6, "$1K"),
        (1234.0, "$1.23K"), (999_600.0, "$1M"), (1_240_000.0, "$1.24M"), (-50.0, "\u2212$50"),
    ],
)  # fmt: skip
def test_money_reads_at_a_glance(usd: float | None, expected: str) -> None:
    """Three significant digits and a unit."""
    assert text.money(usd) == expected


def test_values_follow_their_catalogue_format() -> None:
    """Every format has its unit; the unit is the one that reads best."""
    texts = [text.value(number, unit) for number, unit in (
        (1204.0, "count"), (0.034, "percent"), (1.23456, "ratio"), (1500.0, "money"),
        (36.0, "hours"), (0.5, "hours"), (12.0, "days"), (40.0, "seconds"), (None, "count"),
        (1.789, "per_100"), (2.78, "change"), (0.68, "times"), (37.04, "times"), (None, "times"),
    )]  # fmt: skip
    assert texts == [
        "1,204", "3.4%", "1.23", "$1.5K", "36 h", "30 min", "12 days", "40 s", text.MISSING,
        "178.9", "+278.0%", "0.68 times", "37.0 times", text.MISSING,
    ]  # fmt: skip


def test_age_is_whole_units() -> None:
    """Nobody reads 0.3 weeks."""
    now = date(2026, 11, 21)
    ages = [text.age(since, now) for since in (
        now, date(2026, 11, 20), date(2026, 11, 14), date(2026, 10, 1), date(2024, 1, 1), None,
    )]  # fmt: skip
    assert ages == ["today", "1 day", "7 days", "7 weeks", "2 years", text.MISSING]


def test_an_amount_that_rounds_to_nought_has_no_sign() -> None:
    """Nobody owes minus nothing."""
    assert [text.money(usd) for usd in (-0.001, -0.0, 0.0, 0.004)] == ["$0"] * 4
    assert text.money(-0.004, compact=False) == "$0.00"
    assert text.money(-0.01) == "\u2212$0.01"
    assert text.percent(-0.0004) == "0.0%"
    assert (text.count(-0.4), text.ratio(-0.0)) == ("0", "0")


@pytest.mark.parametrize(
    ("factor", "said"),
    [(1.0, "×1.00"), (1.8, "×1.80"), (1 / 1.8, "÷1.80"), (1.0001, "×1.00"), (0.9999, "×1.00"),
     (4.26, "×4.3"), (0.05, "÷20"), (1234.0, "×1,234")],
)  # fmt: skip
def test_what_multiplies_the_odds_is_said_as_a_factor(factor: float, said: str) -> None:
    """Up and down alike, and nothing is divided by one."""
    assert text.times_odds(math.log(factor)) == said
    assert text.times_odds(math.log(factor), 3)[1:3] == said[1:3]


@pytest.mark.parametrize(
    ("number", "said"),
    [(-26_749.2, "\u221226,749"), (1_000_000.0, "+1,000,000"), (-0.4, "0"), (12.0, "+12")],
)
def test_a_large_change_is_grouped(number: float, said: str) -> None:
    """By thousands, with a true sign, and none where it rounds to nought."""
    assert text.signed(number, 0) == said
