"""Where the trail ends, written down outside the casebook: for exports of commands and of pages."""

from __future__ import annotations

from dashboard.casebook.anchors import anchor, key
from dashboard.casebook.book import open_casebook
from dashboard.casebook.trail import place_of


def anchor_end(url: str, cause: str) -> None:
    """Anchor the end of the trail of the casebook at `url`, if there is a key to sign it with."""
    if key():
        anchor(place_of(url), cause, open_casebook(url).end())
