"""Two files hold the look; they must not drift apart."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import dashboard
from dashboard import theme

ROOT = Path(dashboard.__file__).parent


def config() -> dict[str, Any]:
    """The shipped Streamlit configuration."""
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("mode", theme.MODES)
def test_python_and_streamlit_wear_the_same_colours(mode: theme.Mode) -> None:
    """Charts and graph agree with the page around them, in both modes."""
    worn, ours = config()["theme"][mode], theme.palette(mode)
    names = {
        "backgroundColor": ours.background, "secondaryBackgroundColor": ours.surface,
        "textColor": ours.text, "borderColor": ours.border, "redColor": ours.crit,
        "orangeColor": ours.high, "yellowColor": ours.med, "grayColor": ours.low,
        "linkColor": ours.accent,
    }  # fmt: skip
    assert {name: worn[name] for name in names} == names
    assert tuple(worn["chartCategoricalColors"]) == ours.categorical
    assert len(worn["chartSequentialColors"]) == 10


def test_nothing_the_look_needs_is_on_another_machine() -> None:
    """Fonts are files of ours; no address in the configuration leaves the server."""
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    for face in config()["theme"]["fontFaces"]:
        assert (ROOT / face["url"].removeprefix("app/")).is_file()


@pytest.mark.parametrize("mode", theme.MODES)
def test_body_text_reads(mode: theme.Mode) -> None:
    """Text and muted text have at least 4.5:1 against the page (WCAG AA)."""
    ours = theme.palette(mode)
    for colour in (ours.text, ours.muted, ours.accent):
        assert contrast(colour, ours.background) >= 4.5


@pytest.mark.parametrize("mode", theme.MODES)
def test_quiet_text_and_what_stands_on_the_accent_read_too(mode: theme.Mode) -> None:
    """Captions are text at 60 %; a chosen segment is the accent on a tenth of itself."""
    worn = config()["theme"][mode]
    text, accent, page = worn["textColor"], worn["primaryColor"], worn["backgroundColor"]
    for ground in (page, worn["secondaryBackgroundColor"], worn["grayBackgroundColor"]):
        assert contrast(mixed(text, ground, 0.6), ground) >= 4.5
    assert contrast(accent, mixed(accent, page, 0.1)) >= 4.5
    look = (ROOT / "web" / "browser.css").read_text(encoding="utf-8")
    found = re.search(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", look)
    assert found is not None
    assert contrast(found[1 + theme.MODES.index(mode)], accent) >= 4.5


@pytest.mark.parametrize("mode", theme.MODES)
@pytest.mark.parametrize("colour", ["red", "orange", "yellow", "green", "blue", "violet", "gray"])
def test_a_badge_and_coloured_words_read(mode: theme.Mode, colour: str) -> None:
    """Each on its own ground, and on the page."""
    worn = config()["theme"][mode]
    text = worn[f"{colour}TextColor"]
    assert contrast(text, worn[f"{colour}BackgroundColor"]) >= 4.5
    assert contrast(text, worn["backgroundColor"]) >= 4.5


def mixed(colour: str, ground: str, share: float) -> str:
    """`share` of a colour over a ground, as #rrggbb."""
    pairs = [(int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(own * share + under * (1 - share)):02x}" for own, under in pairs)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two #rrggbb colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.1 relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
