"""Opening the casebook: a SQLite file by default, any SQLAlchemy URL in principle.

How it survives a crash and two writers: docs/decisions/0028-casebook-chain.md.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    DisconnectionError,
    OperationalError,
    SQLAlchemyError,
)

from dashboard.casebook.formats import bring_up_to_date
from dashboard.casebook.read_cache import end_transaction, forget_reads, reading_once
from dashboard.casebook.schema import metadata
from dashboard.errors import CasebookUnavailable
from dashboard.places import CASEBOOK_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long a writer waits for another one before it gives up.
BUSY_MILLISECONDS = 5000
_WRITES = "casebook_writes"
# Of a connection: the device and inode of the file that it opened.
_FILE = "casebook_file"
_PRAGMAS = (
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    f"pragma busy_timeout = {BUSY_MILLISECONDS}",
    "pragma foreign_keys = on",
    "pragma secure_delete = on",
)


def open_engine(url: str) -> Engine:
    """An engine on a casebook of this release's format; raises CasebookUnavailable.

    A casebook that is not there is made; an older one is copied and migrated.
    """
    engine = _addressed(url)
    try:
        with _closed_on_failure(engine):
            bring_up_to_date(_write_transaction(engine))
        _follow_file(engine)
    except (SQLAlchemyError, OSError, ImportError) as error:  # a driver that is not installed
        raise _unavailable(url, error) from error
    return engine


def unmigrated(url: str) -> Engine:
    """An engine on a casebook as it stands, for looking at it: nothing is made or migrated."""
    return _addressed(url)


def compact(engine: Engine) -> None:
    """Write the database anew without what was removed; raises CasebookUnavailable.

    A file keeps old pages until then, and its log the earlier ones.
    """
    with _explained(engine), engine.connect() as con:
        raw: Any = con.connection.driver_connection
        if engine.dialect.name != "sqlite":
            raw.rollback()  # what asked whether the connection lives has begun a transaction
            vacuum = con.execution_options(isolation_level="AUTOCOMMIT")
            for table in metadata.sorted_tables:
                vacuum.exec_driver_sql(f"vacuum full {table.name}")
            return
        try:
            raw.execute("vacuum")
            is_busy = raw.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        except sqlite3.Error:
            is_busy = True
        if is_busy:
            raise CasebookUnavailable(
                "It is gone from the casebook, but not yet from its file: somebody is using it.",
                "Stop the app and run: ringfence casebook retain",
            )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; on SQLite it holds the write lock from the start."""
    with noting(engine) as con:
        yield con
    forget_reads()


@contextmanager
def noting(engine: Engine) -> Iterator[Connection]:
    """The same for what no `cached_read` answers: a page that looks at it goes on as it was."""
    end_transaction()
    with _explained(engine), _write_transaction(engine) as con:
        yield con


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction, that of the page that is drawn: all read in it is of one moment."""
    with _explained(engine), reading_once(engine, lambda: _read_transaction(engine)) as con:
        yield con


@contextmanager
def _read_transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as plain:
        is_file = engine.dialect.name == "sqlite"
        con = plain if is_file else plain.execution_options(isolation_level="REPEATABLE READ")
        with con.begin():
            yield con


@contextmanager
def _write_transaction(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as plain:
        con = plain.execution_options(**{_WRITES: True})
        with con.begin():
            yield con
        if not _is_of_path(con.info, engine):
            raise _replaced(engine)


@contextmanager
def _closed_on_failure(engine: Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    """Turn what the database says (locked, gone, full, no database) into our sentence.

    What a statement did wrong passes: that is a fault of ours.
    """
    try:
        yield
    except DatabaseError as error:
        if not isinstance(error, OperationalError) and type(error) is not DatabaseError:
            raise
        raise _unavailable(str(engine.url), error) from error


def _addressed(url: str) -> Engine:
    """An engine that has opened nothing yet; an address or a driver that is wrong is refused."""
    try:
        return _engine(url)
    except (ArgumentError, ValueError) as error:  # also of a dialect that is not known
        raise _unreadable(url, error) from error
    except ImportError as error:
        raise _without_driver(url, error) from error
    except (SQLAlchemyError, OSError) as error:
        raise _unavailable(url, error) from error


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":  # the driver of ringfence[postgres], not SQLAlchemy's
        parsed = parsed.set(drivername="postgresql+pg8000")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and not parsed.database.startswith("file:"):
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say begin ourselves, see _begin_sqlite
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(con: Connection) -> None:
    writes = con.get_execution_options().get(_WRITES, False)
    con.exec_driver_sql("begin immediate" if writes else "begin")


def _follow_file(engine: Engine) -> None:
    """From now on a connection whose file was replaced is closed, and none makes a new file.

    A deleted file goes on taking writes as long as somebody holds it open: what is said to be
    recorded there is gone with the process.
    """
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        event.listen(engine, "do_connect", lambda *_: _refuse_absent(engine))
        event.listen(engine, "checkout", lambda _, record, __: _refuse_replaced(record, engine))


def _refuse_absent(engine: Engine) -> None:
    if _identity(engine) is None:
        raise _replaced(engine)


def _refuse_replaced(record: Any, engine: Engine) -> None:
    _refuse_absent(engine)
    if not _is_of_path(record.info, engine):
        raise DisconnectionError  # the pool opens the file that is there now


def _is_of_path(info: dict[str, Any], engine: Engine) -> bool:
    """Whether a connection has open what lies at the path of its casebook."""
    return info.setdefault(_FILE, _identity(engine)) == _identity(engine)


def _identity(engine: Engine) -> tuple[int, int] | None:
    """Device and inode of the casebook's file; None where there is none, or it is no file."""
    path = (engine.url.database or "").removeprefix("file:").partition("?")[0]
    with suppress(OSError):
        status = os.stat(path)  # noqa: PTH116 -- a path object costs as much again
        return status.st_dev, status.st_ino
    return None


def _replaced(engine: Engine) -> CasebookUnavailable:
    return CasebookUnavailable(
        f"The casebook at {engine.url.database} was moved, deleted or replaced; "
        "what you entered is not in it.",
        "Put the file back, reload the page and enter it again. To begin a new casebook, "
        "restart Ringfence.",
    )


def _unavailable(url: str, error: Exception) -> CasebookUnavailable:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return CasebookUnavailable(
        f"The casebook at {_without_password(url)} cannot be used ({cause}); nothing was written.",
        f"Try again; check that the place exists and is writable, or set {CASEBOOK_VARIABLE}.",
    )


def _unreadable(url: str, error: Exception) -> CasebookUnavailable:
    return CasebookUnavailable(
        f"The casebook's address {_without_password(url)} cannot be read ({error}).",
        f"Mend {CASEBOOK_VARIABLE}. An address is written as "
        "sqlite:////srv/ringfence/casebook.sqlite or postgresql://NAME@HOST/DATABASE.",
    )


def _without_driver(url: str, error: ImportError) -> CasebookUnavailable:
    module = error.name or str(error)
    return CasebookUnavailable(
        f"The casebook at {_without_password(url)} needs the driver {module}, which is not "
        "installed.",
        f"Install it beside Ringfence (pip install {_PACKAGES.get(module, module)}), or name in "
        f"{CASEBOOK_VARIABLE} a driver that is, as in postgresql+pg8000://HOST/DATABASE.",
    )


_PACKAGES = {
    "pg8000": "'ringfence[postgres]'",
    "MySQLdb": "mysqlclient",
}
"""Where a driver's package is called otherwise."""


def _without_password(url: str) -> str:
    """An address as it may be shown, also one that cannot be read."""
    return _PASSWORD.sub(r"\1***@", url)


_PASSWORD = re.compile(r"(//[^/@:]*:)[^@]*@")
