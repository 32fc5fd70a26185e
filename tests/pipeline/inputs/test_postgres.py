"""A PostgreSQL server is read as it is: a real one, started for these tests where one can be."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipeline.errors import InputError
from pipeline.inputs import database_sources
from pipeline.inputs.raw_check import check
from pipeline.inputs.sources import Source, open_source
from tests import raw_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

dbapi = pytest.importorskip("adbc_driver_postgresql.dbapi")
HOMES = (*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "-").parent)
NOBODY = "nobody"
"""A server refuses to run as root."""
CORE = ("merchants", "products", "buyers", "orders")
ODD = """
create schema shop;
create table public."Odd" (id uuid, total numeric(12, 2), placed timestamptz, plain timestamp,
    day date, body jsonb, tags text[], pieces int, is_ok boolean, "a ""good"" name" text);
insert into public."Odd" values ('12e1584a-abce-4976-9d82-8b2790a773cd', 12.30,
    '2025-05-10 20:21:00+01', '2025-05-10 20:21', '2025-05-10', '{"a": 1}', '{x,y}',
    3, true, null);
create view shop.three as select pieces from public."Odd";
create schema one; create schema two;
create table one.twice (x int); create table two.twice (x int);
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of its own with a delivery in it, gone afterwards."""
    home = next((one for one in HOMES if (one / "initdb").is_file()), None)
    if home is None:
        pytest.skip("PostgreSQL's server is not installed: apt-get install postgresql")
    folder, port = Path(mkdtemp(prefix="ringfence-pg-")), free_port()
    user = NOBODY if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def ask(*command: str | Path) -> None:
        subprocess.run(
            [str(one) for one in command], user=user, cwd=folder, check=True, capture_output=True,
            timeout=60,
        )  # fmt: skip

    ask(home / "initdb", "-D", folder / "data", "-A", "trust", "-U", "ringfence", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    control = (home / "pg_ctl", "-D", folder / "data", "-w")
    ask(*control, "-l", folder / "log", "-o", options, "start")
    try:
        yield fill(f"postgresql://ringfence:secret@127.0.0.1:{port}/postgres")
    finally:
        ask(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def fill(address: str) -> str:
    """The core of a delivery and a table of odd types, in the database at the address."""
    frames = raw_folder.frames()
    with dbapi.connect(address) as con, con.cursor() as cursor:
        for name in CORE:
            cursor.adbc_ingest(name, frames[name].to_arrow(), mode="create")
        for statement in ODD.split(";")[:-1]:
            cursor.execute(statement)
        con.commit()
    return address


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that has no extension."""
    with duckdb.connect(config={"extension_directory": "/nowhere"}) as one:
        one.execute("set global timezone = 'UTC'")
        yield one


@pytest.fixture
def source(con: duckdb.DuckDBPyConnection, address: str) -> Source:
    """What lies on the server."""
    return open_source(con, address)


def test_a_delivery_on_a_server_keeps_the_contract(
    con: duckdb.DuckDBPyConnection, address: str
) -> None:
    """It is checked as a folder of the same tables is."""
    assert check(con, address) == []
    assert con.execute("select order_id from raw.orders order by 1").fetchall() == [
        ("order_id_0",),
        ("order_id_1",),
        ("order_id_2",),
    ]


def test_types_are_kept_and_the_others_come_as_the_server_writes_them(
    con: duckdb.DuckDBPyConnection, source: Source
) -> None:
    """Numbers, days and instants are themselves; an amount keeps its digits, JSON its quotes."""
    relation = source.tables["odd"].relation
    types = {row[0]: row[1] for row in con.execute(f"describe {relation}").fetchall()}
    assert types["placed"] == "TIMESTAMP WITH TIME ZONE"
    assert (types["day"], types["pieces"], types["is_ok"]) == ("DATE", "INTEGER", "BOOLEAN")
    (row,) = con.execute(f"select columns(*)::varchar from {relation}").fetchall()
    assert row == (
        "12e1584a-abce-4976-9d82-8b2790a773cd", "12.30", "2025-05-10 19:21:00+00",
        "2025-05-10 20:21:00", "2025-05-10", '{"a": 1}', "{x,y}", "3", "true", None,
    )  # fmt: skip
    assert 'a "good" name' in types


def test_other_schemas_are_seen_and_two_of_a_name_are_no_guess(source: Source) -> None:
    """Views too; what lies twice is said."""
    assert "three" in source.tables
    assert "twice" not in source.tables
    assert source.problems["twice"].found == "schemas one, two each hold one"
    assert not source.is_local


def test_a_server_that_does_not_answer_is_a_sentence_without_the_password(
    con: duckdb.DuckDBPyConnection, address: str
) -> None:
    """A database that is not there, and a port where nobody is."""
    for place in (address.replace("/postgres", "/nowhere"), "postgresql://me:secret@127.0.0.1:1/x"):
        with pytest.raises(InputError) as refused:
            open_source(con, place)
        assert "cannot be read" in refused.value.found
        assert "secret" not in str(refused.value)


def test_without_any_driver_it_says_what_to_install(
    con: duckdb.DuckDBPyConnection, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra of the house first."""
    monkeypatch.setattr(database_sources.postgres_tables, "can_read", lambda: False)
    monkeypatch.setattr(database_sources, "_is_here", lambda _: False)
    with pytest.raises(InputError, match=r"pip install 'ringfence\[postgres\]'"):
        open_source(con, address)
