"""An empty casebook for every test that writes one, in a file and on a PostgreSQL server."""

from __future__ import annotations

import os
import ssl
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from tests import postgres
from tests.casebooks import empty_casebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

SERVER = "postgresql"
_TEMPLATE = "casebook_template"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is about a file stays with the file; all else is tried on both databases."""
    asks = set(metafunc.fixturenames)
    if "database" in asks:
        kinds = ["sqlite"] if "path" in asks else ["sqlite", SERVER]
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(autouse=True)
def audit_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's key and anchors lie."""
    folder = tmp_path / "audit"
    monkeypatch.setenv("RINGFENCE_AUDIT_FOLDER", str(folder))
    monkeypatch.delenv("RINGFENCE_AUDIT_KEY", raising=False)
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where this test's casebook lies."""
    return tmp_path / "casebook.sqlite"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server with an empty casebook to copy, for the whole session."""
    if postgres.programs() is None:
        said = "There is no PostgreSQL on this machine: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    # The driver reads every certificate of the system anew for each connection: 50 ms.
    once = cache(ssl.create_default_context)
    with pytest.MonkeyPatch.context() as patch, postgres.server() as address:
        patch.setattr(ssl, "create_default_context", once)
        _administer(address, f"create database {_TEMPLATE}")
        open_engine(f"{address}{_TEMPLATE}").dispose()
        yield address


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test is tried on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of this test's casebook, which is empty."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'casebook.sqlite'}"
        return
    address, name = request.getfixturevalue("server"), f"book_{uuid4().hex[:12]}"
    _administer(address, f"create database {name} template {_TEMPLATE}")
    yield f"{address}{name}"
    _administer(address, f"drop database {name} with (force)")


@pytest.fixture
def engine(url: str, database: str, tmp_path: Path) -> Iterator[Engine]:
    """What reaches this test's casebook, behind its back if it must."""
    if database == "sqlite":
        empty_casebook(tmp_path / "casebook.sqlite")
    made = open_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def book(engine: Engine) -> Casebook:
    """An empty casebook."""
    return Casebook(engine)


def _administer(address: str, statement: str) -> None:
    url = make_url(f"{address}postgres").set(drivername="postgresql+pg8000")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as con:
        con.execute(text(statement))
    engine.dispose()
