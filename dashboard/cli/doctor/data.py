"""The built database, what waits beside it, the casebook, and fonts for the names in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dashboard.cli.databases import existing, finished
from dashboard.cli.doctor.finding import FAIL, OK, WARN, Finding
from dashboard.cli.errors import Refusal
from dashboard.places import CASEBOOK_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD_DAYS = 7
"""Data of more days ago are worth a word: nobody decides today on last month."""
SCRIPTS = {
    "Han": ("Chinese characters", "zh", "fonts-noto-cjk"),
    "Hiragana": ("Japanese kana", "ja", "fonts-noto-cjk"),
    "Katakana": ("Japanese kana", "ja", "fonts-noto-cjk"),
    "Hangul": ("Korean letters", "ko", "fonts-noto-cjk"),
    "Thai": ("Thai letters", "th", "fonts-noto-core"),
    "Arabic": ("Arabic letters", "ar", "fonts-noto-core"),
    "Hebrew": ("Hebrew letters", "he", "fonts-noto-core"),
    "Devanagari": ("Devanagari letters", "hi", "fonts-noto-core"),
    "Bengali": ("Bengali letters", "bn", "fonts-noto-core"),
    "Tamil": ("Tamil letters", "ta", "fonts-noto-core"),
    "Khmer": ("Khmer letters", "km", "fonts-noto-core"),
    "Lao": ("Lao letters", "lo", "fonts-noto-core"),
    "Myanmar": ("Burmese letters", "my", "fonts-noto-core"),
    "Cyrillic": ("Cyrillic letters", "ru", "fonts-dejavu-core"),
    "Greek": ("Greek letters", "el", "fonts-dejavu-core"),
}
"""By name of Unicode: what it is called, fontconfig's language, Debian's package. Latin letters
come with the app."""
_EMOJI = (r"[\x{1F300}-\x{1FAFF}]", "emoji", "und-zsye", "fonts-noto-color-emoji")


def database(folder: Path) -> Iterator[Finding]:
    """Whether it can be served, how old its data are, and who built it."""
    try:
        path = existing(folder)
        with finished(path) as con:
            row = con.execute(
                "select contract_version, as_of, ringfence_version, order_count from meta.build"
            ).fetchall()[0]
    except Refusal as refusal:
        said, _, remedy = str(refusal).partition(". ")
        yield Finding("database", FAIL, f"{said}.", remedy)
        return
    days = (datetime.now(UTC).date() - row[1]).days
    said = (
        f"{path}, {path.stat().st_size / 1e6:,.0f} MB: {row[3]:,} orders as of {row[1]}, "
        f"built by {row[2]}, contract {row[0]}."
    )
    if days > OLD_DAYS:
        remedy = "Deliver newer data and build: ringfence build --data DIR"
        yield Finding("database", WARN, f"{said} That is {days:,} days ago.", remedy)
    else:
        yield Finding("database", OK, said)


def pending(folder: Path) -> Iterator[Finding]:
    """What a build that runs, or was stopped, has beside the served file."""
    leftovers = sorted(path.name for path in folder.glob("*.next*"))
    if not leftovers:
        yield Finding("pending", OK, "No unfinished build.")
        return
    said = f"An unfinished build in {folder}: {', '.join(leftovers)}."
    remedy = "If none runs now, build again: it clears them."
    yield Finding("pending", WARN, said, remedy)


def casebook(folder: Path) -> Iterator[Finding]:
    """Whether it can be read, is of this release's format, and its audit trail holds."""
    from sqlalchemy import create_engine, select
    from sqlalchemy.exc import SQLAlchemyError

    from dashboard.casebook.formats import format_of
    from dashboard.casebook.schema import FORMAT_VERSION, audit
    from dashboard.casebook.verifying import first_broken

    beside = (folder / "casebook.sqlite").absolute()
    url = os.environ.get(CASEBOOK_VARIABLE, "") or f"sqlite:///{beside}"
    file = url.removeprefix("sqlite:///").partition("?")[0] if url.startswith("sqlite") else ""
    if file and not os.path.exists(file):  # noqa: PTH110 -- an address, not yet a path
        yield Finding("casebook", OK, f"None yet at {file}: the first decision makes it.")
        return
    engine = None
    try:
        engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true" if file else url)
        with engine.connect() as con:
            number = format_of(con)
            if number != str(FORMAT_VERSION):
                said = f"It is of format {number or 'none'}, this release writes {FORMAT_VERSION}."
                remedy = "An older one is copied and brought up to date when the app opens it."
                yield Finding("casebook", WARN, said, remedy)
                return
            broken = first_broken(con)
            count = len(con.execute(select(audit.c.seq)).fetchall())
    except (SQLAlchemyError, ImportError, OSError) as error:
        reason = str(error).partition("\n")[0]
        remedy = f"Check the file, its rights and {CASEBOOK_VARIABLE}."
        yield Finding("casebook", FAIL, f"It cannot be read ({reason}).", remedy)
        return
    finally:
        if engine is not None:
            engine.dispose()
    if broken:
        said = f"Entry {broken.seq} of the audit trail does not hold: {broken.problem}."
        remedy = "Keep the file, restore the last copy that holds, and find out who wrote to it."
        yield Finding("casebook", FAIL, said, remedy)
    else:
        yield Finding("casebook", OK, f"{count:,} entries of the audit trail, and each holds.")


def fonts(folder: Path) -> Iterator[Finding]:
    """Whether names in scripts that the app brings no font for can be drawn here.

    A browser draws with the fonts of its own machine, which nobody here can see.
    """
    packages: dict[str, list[str]] = {}
    for said, language, package in _scripts(folder):
        if not _can_draw(language):
            packages.setdefault(package, []).append(said)
    if not packages:
        yield Finding("fonts", OK, "This machine can draw every script in the names.")
        return
    for package, missing in packages.items():
        names = " and ".join(dict.fromkeys(missing))
        said = f"Names hold {names}, and no font on this machine has them: a browser shows boxes."
        remedy = (
            f"Where people look at it on this machine: apt-get install {package}; elsewhere the "
            "browser's machine needs such a font."
        )
        yield Finding("fonts", WARN, said, remedy)


def _scripts(folder: Path) -> list[tuple[str, str, str]]:
    """The scripts in names of the database: what each is called, language, package."""
    known = [(rf"\p{{{name}}}", *about) for name, about in SCRIPTS.items()] + [_EMOJI]
    asked = ", ".join(f"bool_or(regexp_matches(name, ${i}))" for i in range(1, len(known) + 1))
    try:
        with finished(existing(folder)) as con:
            sql = f"select {asked} from graph.entities"
            held = con.execute(sql, [pattern for pattern, *_ in known]).fetchall()[0]
    except Refusal:
        return []
    return [
        (said, lang, pack) for (_, said, lang, pack), has in zip(known, held, strict=True) if has
    ]


def _can_draw(language: str) -> bool:
    """Whether fontconfig knows a font; without fontconfig there is no browser either."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    done = subprocess.run(  # noqa: S603 -- fontconfig, with a language of ours
        [program, f":lang={language}", "family"], capture_output=True, text=True, check=False
    )
    return bool(done.stdout.strip())
