"""Two files hold the look; they must not drift apart."""

from __future__ import annotations

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


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two #rrggbb colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.1 relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
