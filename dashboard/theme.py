"""Colours, shapes and number formats: the look, as values.

`.streamlit/config.toml` dresses Streamlit itself; what Python draws (charts,
graph, badges) takes its colours from here, so that both agree in light and
dark. Red to grey is reserved for risk; categories use the other hues.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

Mode = Literal["light", "dark"]
MODES: tuple[Mode, ...] = ("light", "dark")

BAND_LABELS = {"CRIT": "Critical", "HIGH": "High", "MED": "Medium", "LOW": "Low"}
# Names that Streamlit's badge and markdown colour syntax understand.
BAND_BADGES = {"CRIT": "red", "HIGH": "orange", "MED": "yellow", "LOW": "gray"}
ENTITY_LABELS = {
    "merchant": "Merchant",
    "creator": "Creator",
    "product": "Product",
    "buyer": "Buyer",
    "live_session": "Live session",
    "group": "Group",
}
# vis-network shape names; each type reads without colour.
ENTITY_SHAPES = {
    "merchant": "square",
    "creator": "triangle",
    "product": "diamond",
    "buyer": "dot",
    "live_session": "hexagon",
    "group": "dot",  # many drawn as one; its number tells it from a buyer
}
OTHER_SHAPE = "triangleDown"
THING_LABELS = {
    "device": "Device",
    "ip": "IP address",
    "address": "Address",
    "payment_token": "Payment card",
    "bank_account": "Bank account",
    "tracking": "Tracking number",
    "image": "Picture",
    "text": "Review text",
}
"""What several can share, as nodes of a graph."""
RELATION_LABELS = {
    "shares_device": "same device",
    "shares_address": "same address",
    "shares_payment_token": "same payment card",
    "shares_bank_account": "same bank account",
    "shares_ip": "same IP address",
    "shares_buyers": "same buyers",
    "bought_from": "bought from",
    "bought_via": "bought via",
    "promotes": "promotes",
    "device": "same device",
    "address": "same address",
    "payment_token": "same payment card",
    "bank_account": "same bank account",
    "ip": "same IP address",
    "signed_in_device": "signed in on the same device",
    "lockstep": "moved together",
    "review_text": "review in the same words",
    "claim_text": "refund claimed in the same words",
    "same_room": "commented in the same room",
    "same_shop": "bought from the same shop",
    "same_listing": "bought the same listing",
    "same_creator": "bought via the same creator",
    "lists": "lists",
    "hosts": "hosts",
    "sells": "sells",
    "bought": "bought",
    "same_picture": "same picture",
    "same_text": "nearly the same title",
    "image": "same picture",
    "tracking": "same tracking number",
    "text": "review word for word the same",
}
IDENTIFIERS = ("device", "ip", "address", "payment_token", "bank_account")
IDENTIFIER_LABELS = {one: THING_LABELS[one] for one in IDENTIFIERS}


HUES = 7
"""Categorical colours of a mode; further typologies repeat them in another style."""
HUE_STYLES = ("solid", "tint", "stripes")
_NUMBERED = re.compile(r"T([0-9]{1,4})_")


def typology_look(code: str | None) -> tuple[int, str] | None:
    """Place among the categorical colours and style of a typology, the same wherever it is shown.

    By its number, so that neighbours in the list differ; one of a team's own by its letters.
    None = of no typology.
    """
    if not code:
        return None
    numbered = _NUMBERED.match(code)
    place = int(numbered[1]) - 1 if numbered else crc32(code.encode())
    return place % HUES, HUE_STYLES[place // HUES % len(HUE_STYLES)]


def entity_label(entity_type: str) -> str:
    """An entity type in words; one we do not know as it is."""
    return {**ENTITY_LABELS, **THING_LABELS}.get(entity_type, entity_type)


def entity_shape(entity_type: str) -> str:
    """The shape an entity type is drawn in; all we do not know share one."""
    return ENTITY_SHAPES.get(entity_type, OTHER_SHAPE)


@dataclass(frozen=True)
class Palette:
    """The colours of one mode, as #rrggbb. `raises`/`lowers`: SHAP bars by sign."""

    background: str
    surface: str
    text: str
    muted: str
    border: str
    grid: str
    accent: str
    crit: str
    high: str
    med: str
    low: str
    raises: str
    lowers: str
    categorical: tuple[str, ...]
    entity: dict[str, str]

    def band(self, band: str | None) -> str:
        """The colour of a score band; unknown = muted."""
        colours = {"CRIT": self.crit, "HIGH": self.high, "MED": self.med, "LOW": self.low}
        return colours.get(band or "", self.muted)

    def moves(self, good: str) -> tuple[str, str]:
        """The colours of a rise and of a fall: red for what is bad, neither where nothing is."""
        colours = {"down": (self.raises, self.lowers), "up": (self.lowers, self.raises)}
        return colours.get(good, (self.accent, self.low))


LIGHT = Palette(
    background="#ffffff",
    surface="#f6f7f9",
    text="#0e1420",
    muted="#667085",
    border="#dfe3e8",
    grid="#eceff3",
    accent="#2f5bd0",
    crit="#c4213a",
    high="#d9652b",
    med="#c99a1e",
    low="#8a94a6",
    raises="#c4213a",
    lowers="#2f6fb3",
    categorical=("#2f5bd0", "#0f8a8a", "#7a4fc4", "#5b7f24", "#b1457f", "#3c78a8", "#7b6a58"),
    entity={"merchant": "#2f5bd0", "creator": "#7a4fc4", "product": "#0f8a8a", "buyer": "#667085"},
)
DARK = Palette(
    background="#0f131a",
    surface="#171c25",
    text="#e4e8ef",
    muted="#98a2b3",
    border="#2a313d",
    grid="#222833",
    accent="#7ba2ff",
    crit="#f2586c",
    high="#f08a4b",
    med="#dcb348",
    low="#7d8798",
    raises="#f2586c",
    lowers="#5fa3e6",
    categorical=("#7ba2ff", "#3fc1c0", "#b08cf0", "#a3c65c", "#e58ab8", "#74b3e0", "#c4b09a"),
    entity={"merchant": "#7ba2ff", "creator": "#b08cf0", "product": "#3fc1c0", "buyer": "#98a2b3"},
)

FONT = "Inter, sans-serif"


def palette(mode: str | None) -> Palette:
    """The palette of a mode; anything but "dark" is light."""
    return DARK if mode == "dark" else LIGHT


def band_badge(band: str | None) -> str:
    """Markdown badge of a score band: `:red-badge[Critical]`."""
    colour = BAND_BADGES.get(band or "", "gray")
    return f":{colour}-badge[{BAND_LABELS.get(band or '', 'No score')}]"
