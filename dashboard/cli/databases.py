"""The files of a build folder: its finished database, and the verdicts beside it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from dashboard.cli.errors import Refusal
from dashboard.errors import reason_of
from dashboard.places import BUILD_REMEDY, CASEBOOK_VARIABLE, REBUILD_REMEDY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import polars as pl

    from dashboard.access import Viewer


def existing(folder: Path) -> Path:
    """The built database of a folder; a Refusal where there is none."""
    from pipeline.settings.build import DATABASE

    database = folder / DATABASE
    if not database.is_file():
        raise Refusal(f"No database at {database}. {BUILD_REMEDY}")
    return database


@contextlib.contextmanager
def finished(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a finished build of this release; otherwise a Refusal."""
    import duckdb

    from queries import connect, scalar
    from queries.contract import CONTRACT_VERSION

    try:
        with connect(database) as con:
            version = scalar(con, "select contract_version from meta.build")
            if version != CONTRACT_VERSION:
                raise Refusal(
                    f"{database} follows contract {version}, this release reads contract "
                    f"{CONTRACT_VERSION}. {REBUILD_REMEDY}"
                )
            yield con
    except duckdb.Error as error:
        message = f"{database} is not a finished build ({reason_of(error)}). {REBUILD_REMEDY}"
        raise Refusal(message) from error


def casebook_labels(folder: Path, *, as_judged: bool = False) -> pl.DataFrame | None:
    """Verdicts of the casebook beside the build, if analysts have opened one.

    `as_judged` lets them count from the snapshot they judged.
    """
    from dashboard.casebook import open_casebook

    url = casebook_url(folder)
    return open_casebook(url).labels_frame(as_judged=as_judged) if url else None


def rejected_links(folder: Path) -> pl.DataFrame | None:
    """Links that analysts have called none, if they have opened a casebook beside the build."""
    from dashboard.casebook import open_casebook

    url = casebook_url(folder)
    return open_casebook(url).rejected_links() if url else None


def promoted_models(folder: Path) -> tuple[str, ...]:
    """Entity types whose additive model two people have agreed on in that casebook."""
    from dashboard.casebook import open_casebook
    from queries.vocabulary import ADDITIVE, ENTITY_TYPES

    url = casebook_url(folder)
    if not url:
        return ()
    book = open_casebook(url)
    return tuple(one for one in ENTITY_TYPES if book.model_standing(one).recipe == ADDITIVE)


def proposals_sentence(folder: Path) -> str:
    """How many decisions of that casebook wait for an approver before they teach; empty = none."""
    from dashboard.casebook import open_casebook
    from dashboard.casebook.lookups import Waits
    from dashboard.cases.states import CaseState

    url = casebook_url(folder)
    count = open_casebook(url).waiting_count(Waits(CaseState.PROPOSED)) if url else 0
    if not count:
        return ""
    many = "1 proposal waits" if count == 1 else f"{count:,} proposals wait"
    return f"{many} for the approval of a second person: it teaches from the first build after."


def casebook_url(folder: Path) -> str:
    """Where the casebook of a build is; empty where nobody has opened one."""
    beside = (folder / "casebook.sqlite").absolute()
    url = os.environ.get(CASEBOOK_VARIABLE, "")
    return url or (f"sqlite:///{beside}" if beside.is_file() else "")


def held_from(who: Viewer, folder: Path) -> dict[str, str]:
    """Whom somebody is to judge without the first verdict, by key; nobody without a casebook."""
    from dashboard.casebook import open_casebook

    url = casebook_url(folder)
    return open_casebook(url).held_back(viewer=who) if url else {}
