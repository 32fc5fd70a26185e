"""Nothing points nowhere: links, anchors, cited sections, named documents and paths."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.markdown import ROOT, anchors, code, headings, links, pages, shown, sources

DOMAIN = ROOT / "docs/domain.md"
HERE = Path(__file__)
CITED = re.compile(r"\bdocs/[\w./-]+?\.md(?:#[\w-]+)?")
SECTION = re.compile(r"§\s?(T?\d+(?:\.\d+)?)")
NUMBER = re.compile(r"(T?\d+(?:\.\d+)?) ")
DOCUMENT = re.compile(r"(?<![\w/.-])[\w-]+(?:/[\w.-]+)*\.md\b")
ELSEWHERE = re.compile(r"\b(?:DOMAIN|DESIGN|REQUIREMENTS|LAYOUT|EXEMPLARS|STREAMLIT|SPARK)\b")
"""Documents that were cited and are not part of the repository."""
PLACE = re.compile(r"(?:benchmarks|dashboard|docs|pipeline|queries|sample_data|tests)/[\w./-]*")


def found_at(page: Path, target: str) -> str:
    """What is wrong with a link, or nothing."""
    parts = urlsplit(target)
    if parts.scheme or target.startswith("mailto:"):
        return ""
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not path.exists():
        return f"{target}: there is no {path}"
    if parts.fragment and path.suffix == ".md" and parts.fragment not in anchors(path):
        return f"{target}: no heading has that anchor"
    return ""


def sections() -> set[str]:
    """Numbers of the sections of docs/domain.md."""
    return {match[1] for heading in headings(DOMAIN) if (match := NUMBER.match(heading))}


def cited(path: Path, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Lines of a file and what of each the pattern finds."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(n, found[0]) for n, line in enumerate(lines, 1) for found in pattern.finditer(line)]


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_links_and_anchors_resolve(page: Path) -> None:
    """Of every page, relative to it; the anchor is that of a heading."""
    assert [problem for target in links(page) if (problem := found_at(page, target))] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=shown)
def test_pages_of_the_site_link_inside_it(page: Path) -> None:
    """A file outside docs/ is no part of the built site, so it is named as a path."""
    inside = [(page.parent / urlsplit(target).path).resolve() for target in links(page)]
    assert [path for path in inside if ROOT / "docs" not in [path, *path.parents]] == []


def test_pages_that_sources_cite_are_there() -> None:
    """Each `docs/….md` and `docs/….md#anchor` in Python, SQL and TOML."""
    broken = [
        f"{shown(path)}:{line}: {target}"
        for path in sources()
        for line, target in cited(path, CITED)
        if found_at(ROOT / "x", target)
    ]
    assert broken == []


def test_cited_sections_of_the_domain_are_there() -> None:
    """Each `§n.n` and `§Tn`, in files that name docs/domain.md."""
    known = sections()
    assert len(known) > 30
    broken = [
        f"{shown(path)}:{line}: {mark}"
        for path in sources()
        if path != HERE
        for line, mark in cited(path, SECTION)
        if SECTION.sub(r"\1", mark) not in known
        or "docs/domain.md" not in path.read_text(encoding="utf-8")
    ]
    assert broken == []


def test_no_document_is_cited_that_is_not_here() -> None:
    """Whoever reads a file can open what it refers to."""
    every = [path for path in (*sources(), *pages()) if path != HERE]
    away = [f"{shown(path)}:{n}: {name}" for path in every for n, name in cited(path, ELSEWHERE)]
    assert away == []


def test_documents_named_anywhere_are_there() -> None:
    """Each name that ends in .md is a file, seen from the root or from the file that names it."""
    broken = [
        f"{shown(path)}:{line}: {name}"
        for path in (*sources(), *pages())
        if path != HERE
        for line, name in cited(path, DOCUMENT)
        if not any((folder / name).exists() for folder in (ROOT, path.parent))
    ]
    assert broken == []


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_paths_in_code_font_are_there(page: Path) -> None:
    """A reader who follows a path finds the file or folder."""
    named = [text for text in code(page) if PLACE.fullmatch(text)]
    assert [text for text in named if not (ROOT / text).exists()] == []


def test_decisions_are_numbered_and_listed() -> None:
    """No number twice, each in the index, each a short page."""
    folder = ROOT / "docs/decisions"
    found = sorted(path.name for path in folder.glob("0*.md"))
    assert len({name[:4] for name in found}) == len(found)
    listed = [target for target in links(folder / "index.md") if target.startswith("0")]
    assert listed == found
    lengths = {name: len((folder / name).read_text().splitlines()) for name in found}
    assert {name: n for name, n in lengths.items() if not 15 <= n <= 40} == {}


@pytest.mark.slow  # starts a process
def test_the_site_builds_strictly(tmp_path: Path) -> None:
    """As `make docs` does: a warning of the generator is an error."""
    copytree(ROOT / "docs", tmp_path / "docs")
    command = (sys.executable, "-m", "zensical", "build", "--strict", "--config-file")
    done = subprocess.run(
        [*command, str(tmp_path / "docs/zensical.toml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "docs/.site/domain.html").is_file()
