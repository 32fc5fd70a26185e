"""Casebook files as tests need them: of earlier formats, edited by hand, looked into."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

# What the last release before migrations wrote: 4 cases, 4 decisions, 19 entries of
# the audit trail and a draft, each by the casebook's own methods, then dumped.
FORMAT_1 = Path(__file__).with_name("format_1.sql")

# What the last release before format 3 wrote: 3 cases, 4 decisions, one of them approved.
FORMAT_2 = Path(__file__).with_name("format_2.sql")


def write_format_1(path: Path) -> Path:
    """A casebook of format 1 at `path`, in write-ahead mode as that release leaves it."""
    return _write(path, FORMAT_1)


def write_format_2(path: Path) -> Path:
    """A casebook of format 2 at `path`, in write-ahead mode as that release leaves it."""
    return _write(path, FORMAT_2)


def _write(path: Path, script: Path) -> Path:
    with closing(sqlite3.connect(path)) as con:
        con.execute("pragma journal_mode = wal")
        con.executescript(script.read_text(encoding="utf-8"))
    return path


def edit(path: Path, *statements: str) -> None:
    """Change the file behind the casebook's back, triggers dropped."""
    with sqlite3.connect(path) as con:
        triggers = con.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in triggers:
            con.execute(f"drop trigger {name}")
        for statement in statements:
            con.execute(statement)


def content(path: Path) -> list[str]:
    """The whole file as SQL: schema and rows."""
    with closing(sqlite3.connect(path)) as con:
        return list(con.iterdump())


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of what analysts wrote, by table."""
    with closing(sqlite3.connect(path)) as con:
        return {
            table: con.execute(f"select * from {table} order by 1, 2").fetchall()
            for table in ("cases", "decisions", "drafts", "audit")
        }


def schema(path: Path) -> set[tuple[str, str, str | None]]:
    """Every table, index and trigger with the text that made it."""
    with closing(sqlite3.connect(path)) as con:
        return set(con.execute("select type, name, sql from sqlite_master"))


def beside(path: Path) -> set[str]:
    """Names in the casebook's folder, without the log that SQLite keeps while it is open."""
    return {each.name for each in path.parent.iterdir() if not each.name.endswith(("-shm", "-wal"))}
