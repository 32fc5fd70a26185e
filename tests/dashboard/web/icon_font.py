"""Makes the font of the icons in use: `python -m tests.dashboard.web.icon_font`.

Streamlit's own holds four thousand icons in 375 KB, and a first view waits for it. Run this again
when a test says that an icon is missing; it needs `pip install brotli` for that one time.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

import dashboard
from dashboard.web.packed import ICONS

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAMLIT = Path(streamlit.__file__).parent
_OURS = Path(dashboard.__file__).parent
_CLIENT = _STREAMLIT / "static" / "static"
_ICON = re.compile(r":material/([a-z0-9_]+)")
_WHERE = ((_OURS, ".py"), (_OURS, ".js"), (_OURS, ".toml"), (_STREAMLIT, ".py"), (_CLIENT, ".js"))
NO_ICONS = frozenset({"icon_name", "star_filled"})
"""What Streamlit's sources name and its font has not: a placeholder, and one of its own slips."""


def icons_in_use() -> set[str]:
    """Every icon that our sources name, and Streamlit's server and client."""
    files = (path for folder, kind in _WHERE for path in folder.rglob(f"*{kind}"))
    return set().union(*map(_named, files)) - NO_ICONS


def _named(path: Path) -> list[str]:
    return _ICON.findall(path.read_text(encoding="utf-8", errors="ignore"))


def icons_of(font: TTFont) -> set[str]:
    """The names that a font draws as icons."""
    return {name for table in _tables(font) for _, name, _ in _ligatures(font, table)}


def _tables(font: TTFont) -> Iterator[dict[str, list[object]]]:
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for one in lookup.SubTable:
            yield getattr(one, "ExtSubTable", one).ligatures


def _ligatures(font: TTFont, table: dict[str, list[object]]) -> Iterator[tuple[str, str, object]]:
    """First glyph, name of the icon, and the ligature itself."""
    # Capitals share the glyphs of small letters: of two characters the one that comes later.
    letters = {glyph: chr(code) for code, glyph in sorted(font.getBestCmap().items())}
    for first, ligatures in table.items():
        for one in ligatures:
            parts = [first, *one.Component]  # type: ignore[attr-defined]
            yield first, "".join(letters[part] for part in parts), one


def main() -> None:
    """Write the font with what is in use now."""
    (source,) = (_CLIENT / "media").glob("MaterialSymbols-Rounded.*.woff2")
    font, names = TTFont(source), icons_in_use()
    for table in _tables(font):
        kept = [(first, one) for first, name, one in _ligatures(font, table) if name in names]
        table.clear()
        for first, one in kept:
            table.setdefault(first, []).append(one)
    options = subset.Options(layout_features=["*"], hinting=False, name_IDs=["*"])
    writer = subset.Subsetter(options)
    writer.populate(text=" ".join(names))
    writer.subset(font)
    # Not WOFF 2, which a test could read with a package more only; a browser tells them apart.
    font.flavor = "woff"
    font.save(ICONS)


if __name__ == "__main__":
    main()
