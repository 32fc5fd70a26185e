"""Which format a casebook has, and the way from an older one to this release's.

The casebook is the one file nothing can make again. So an older one is copied
beside and migrated in one transaction, which holds the write lock from before the
format is read: of two processes that find it old, one migrates. A newer one is left
alone. Alembic is imported only when there is something to migrate, because its
import costs a tenth of a second and no page should pay for it.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from dashboard.casebook.copies import copy_beside
from dashboard.casebook.schema import FORMAT_VERSION, chain
from dashboard.casebook.verifying import first_broken
from dashboard.errors import CasebookUnavailable
from dashboard.places import CASEBOOK_VARIABLE

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

MIGRATIONS = "dashboard.casebook:migrations"
# What a place without a casebook answers.
ABSENT = ""
# Any number; every process of ours asks the server for the same one.
_POSTGRES_LOCK = 0x52494E47
# Alembic keeps the migration it runs in module variables.
_ALEMBIC = threading.Lock()
_LOG = logging.getLogger("ringfence")


@dataclass(frozen=True)
class Migration:
    """The way of one casebook to this release's format; `copy` is None where none is made."""

    place: str
    version: str
    copy: Path | None

    def run(self, con: Connection) -> None:
        """Migrate; raises CasebookUnavailable when the audit trail would read differently."""
        before = first_broken(con) if self.version else None
        _run_alembic(con, self.version)
        after = first_broken(con)
        if after and after != before:
            raise self.failure(f"entry {after.seq} of the audit trail would break: {after.problem}")

    def failure(self, cause: object) -> CasebookUnavailable:
        """What to say when it did not succeed; the transaction was rolled back."""
        return CasebookUnavailable(
            f"The casebook at {self.place} could not be migrated from format {self.version} "
            f"to format {FORMAT_VERSION} ({cause}); it is as it was. {self.way_back}",
            "Check that its place is writable and not full and open it again, "
            "or go on with the release that wrote it.",
        )

    @property
    def way_back(self) -> str:
        """Where the casebook lies as it was before."""
        if self.copy is None:
            return "No copy was made: it is not a file, its server's backup is the copy."
        return f"A copy from before lies at {self.copy}."


def format_of(con: Connection) -> str:
    """The format's number as text; ABSENT when nothing of a casebook is there.

    Format 1 is older than Alembic and says so in the one row of `chain`.
    """
    tables = inspect(con)
    if tables.has_table("alembic_version"):
        return ", ".join(con.execute(text("select version_num from alembic_version")).scalars())
    if tables.has_table(chain.name):
        return str(con.execute(select(chain.c.format_version)).scalar())
    return ABSENT


def bring_up_to_date(transaction: AbstractContextManager[Connection]) -> None:
    """Give a casebook this release's format; make it when there is none.

    `transaction` begins when it is entered and holds the write lock. Raises
    CasebookUnavailable when the format is unknown or the migration fails.
    """
    migration = None
    try:
        with transaction as con:
            migration = _plan(con)
            if migration:
                migration.run(con)
    except CasebookUnavailable:
        raise
    except Exception as error:
        if migration is None or migration.version == ABSENT:
            raise
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise migration.failure(cause) from error
    if migration and migration.version:
        _announce(migration)


def _plan(con: Connection) -> Migration | None:
    """What has to be done, its copy made; None when the format is this release's."""
    if con.dialect.name == "postgresql":
        con.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    version = format_of(con)
    if version == str(FORMAT_VERSION):
        return None
    place = con.engine.url.render_as_string(hide_password=True)
    if version == ABSENT:
        return Migration(place, version, None)
    if version not in {str(number) for number in range(1, FORMAT_VERSION)}:
        raise _unknown(place, version)
    return Migration(place, version, copy_beside(con, version))


def _run_alembic(con: Connection, version: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["connection"] = con
    with _ALEMBIC:
        if version and not inspect(con).has_table("alembic_version"):
            command.stamp(config, version)
        command.upgrade(config, str(FORMAT_VERSION))


def _unknown(place: str, version: str) -> CasebookUnavailable:
    return CasebookUnavailable(
        f"The casebook at {place} has format {version}; "
        f"this release knows formats 1 to {FORMAT_VERSION}.",
        f"Start the release that wrote it, or point {CASEBOOK_VARIABLE} at another file.",
    )


def _announce(migration: Migration) -> None:
    _LOG.warning(
        "The casebook at %s was migrated from format %s to format %s. %s",
        migration.place,
        migration.version,
        FORMAT_VERSION,
        migration.way_back,
    )
