"""Pages of the repository as a reader meets them: their headings, links, anchors and paths."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
SOURCES = ("dashboard", "pipeline", "queries", "sample_data", "benchmarks", "tests")
SUFFIXES = {".py", ".sql", ".toml"}
_PARSER = MarkdownIt("commonmark").enable("table")


def pages() -> list[Path]:
    """Every page that people read, the generated map among them."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    maps = [ROOT / "queries/README.md", ROOT / "sample_data/README.md"]
    return [*top, *maps, *sorted((ROOT / "docs").rglob("*.md"))]


def sources() -> Iterator[Path]:
    """Every source file that may cite a page."""
    for folder in SOURCES:
        found = (ROOT / folder).rglob("*")
        yield from sorted(path for path in found if path.suffix in SUFFIXES)
    yield from (ROOT / "pyproject.toml", ROOT / "docs/zensical.toml", ROOT / "Makefile")


def shown(path: Path) -> str:
    """A path as it is said in a message."""
    return path.relative_to(ROOT).as_posix()


@cache
def tokens(page: Path) -> list[Token]:
    """The parsed page."""
    return _PARSER.parse(page.read_text(encoding="utf-8"))


def inline(page: Path) -> Iterator[Token]:
    """Tokens inside paragraphs, headings and cells."""
    for token in tokens(page):
        yield from token.children or ()


def links(page: Path) -> Iterator[str]:
    """Targets of links and pictures."""
    for token in inline(page):
        target = token.attrGet("href") or token.attrGet("src")
        if target:
            yield str(target)


def code(page: Path) -> Iterator[str]:
    """Texts in code font, blocks left out."""
    return (token.content for token in inline(page) if token.type == "code_inline")


def headings(page: Path) -> Iterator[str]:
    """Texts of the headings, in order."""
    for before, token in zip(tokens(page), tokens(page)[1:], strict=False):
        if before.type == "heading_open":
            yield "".join(child.content for child in token.children or ())


@cache
def anchors(page: Path) -> frozenset[str]:
    """Anchors that a heading has both in the repository's view and on the built site."""
    return frozenset(_of_the_repository(page)) & frozenset(_of_the_site(page))


def _of_the_repository(page: Path) -> Iterator[str]:
    seen: dict[str, int] = {}
    for heading in headings(page):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        again = seen.get(slug, 0)
        seen[slug] = again + 1
        yield f"{slug}-{again}" if again else slug


def _of_the_site(page: Path) -> Iterator[str]:
    for heading in headings(page):
        yield re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
