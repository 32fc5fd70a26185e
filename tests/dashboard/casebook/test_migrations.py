"""The migrations make exactly the tables the code reads, on both databases, and guard them."""

from __future__ import annotations

import ast
import io
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from dashboard.casebook import migrations
from dashboard.casebook.engine import open_engine
from dashboard.casebook.formats import MIGRATIONS
from dashboard.casebook.schema import FORMAT_VERSION, metadata
from queries.contract import LONGEST_ID
from tests.dashboard.casebook.drafts import ADVERSE_DRAFT, ANN
from tests.dashboard.casebook.files import schema, write_format_1

if TYPE_CHECKING:
    from dashboard.casebook import Casebook

APPEND_ONLY = set(metadata.tables) - {"cases", "drafts", "chain", "outbox", "presence"}
VERSIONS = sorted((Path(migrations.__file__).parent / "versions").glob("format_*.py"))


@pytest.fixture
def scripts() -> ScriptDirectory:
    """The migrations as Alembic finds them."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return ScriptDirectory.from_config(config)


def test_formats_are_numbered_without_a_gap(scripts: ScriptDirectory) -> None:
    """Format n follows format n - 1, and the newest is the one the code reads."""
    revisions = [(each.revision, each.down_revision) for each in scripts.walk_revisions()]
    numbers = [str(number) for number in range(FORMAT_VERSION, 0, -1)]
    assert revisions == list(zip(numbers, [*numbers[1:], None], strict=True))
    assert [path.stem for path in VERSIONS] == [f"format_{n}" for n in reversed(numbers)]


@pytest.mark.parametrize("old", [False, True], ids=["new", "migrated"])
def test_the_tables_are_those_the_code_reads(path: Path, *, old: bool) -> None:
    """Alembic's own comparison sees no difference between the file and `schema`."""
    if old:
        write_format_1(path)
    engine = open_engine(f"sqlite:///{path}")
    options = {"compare_type": True, "compare_server_default": True}
    with engine.connect() as con:
        assert compare_metadata(MigrationContext.configure(con, opts=options), metadata) == []
    engine.dispose()


def test_a_migrated_casebook_is_made_like_a_new_one(path: Path, tmp_path: Path) -> None:
    """The same tables, indexes and triggers, to the letter."""
    old = write_format_1(tmp_path / "old.sqlite")
    for each in (path, old):
        open_engine(f"sqlite:///{each}").dispose()
    assert schema(path) == schema(old)
    assert {name for kind, name, _ in schema(path) if kind == "trigger"} == {
        f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete", "replace")
    }


@pytest.mark.parametrize("module", VERSIONS, ids=lambda path: path.stem)
def test_a_released_format_does_not_change_with_the_code(module: Path) -> None:
    """A migration imports nothing of ours: it says what was true when it was written."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    assert imported == {"__future__", "alembic"} | ({"sqlalchemy"} & imported)


def _names(node: ast.Import) -> list[str]:
    return [each.name for each in node.names]


def test_postgresql_gets_the_same_tables_and_guards(scripts: ScriptDirectory) -> None:
    """Written out for PostgreSQL: every table, one transaction, its own triggers."""
    out = io.StringIO()
    with EnvironmentContext(Config(), scripts) as environment:
        environment.configure(
            dialect_name="postgresql",
            as_sql=True,
            output_buffer=out,
            fn=lambda *_: scripts._upgrade_revs("head", None),
        )
        with environment.begin_transaction():
            environment.run_migrations()
    sql = out.getvalue()
    assert sql.startswith("BEGIN;")
    assert sql.count("COMMIT;") == 1
    for table in metadata.tables:
        assert f"CREATE TABLE {table} (" in sql
    for table in ("decisions", "audit"):
        assert f"before update or delete or truncate on {table}" in sql
    assert "_no_replace" not in sql
    for table in ("cases", "decisions"):
        longest = f"ALTER COLUMN entity_id TYPE VARCHAR({LONGEST_ID})"
        assert f"ALTER TABLE {table} {longest}" in sql
    for table in metadata.sorted_tables:
        compiled = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "entity_id" not in compiled or f"entity_id VARCHAR({LONGEST_ID})" in compiled


@pytest.mark.parametrize("table", ["audit", "decisions"])
@pytest.mark.parametrize(
    "verb",
    [
        "update {} set case_id = ''",
        "delete from {}",
        "insert or replace into {} select * from {}",
        "replace into {} select * from {}",
    ],
)
@pytest.mark.parametrize("old", [False, True], ids=["new", "migrated"])
def test_the_database_itself_refuses_changes(
    path: Path, table: str, verb: str, *, old: bool, request: pytest.FixtureRequest
) -> None:
    """Even a direct SQL client meets the triggers."""
    if old:
        write_format_1(path)
    book: Casebook = request.getfixturevalue("book")
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    statement = verb.replace("{}", table)
    statement = statement.replace("case_id", "note" if table == "decisions" else "actor")
    with sqlite3.connect(path) as con, pytest.raises(sqlite3.DatabaseError, match="append-only"):
        con.execute(statement)
    assert book.verify() is None


@pytest.mark.parametrize("key", ["decision_id", "idempotency_key", "audit_seq"])
def test_no_key_of_a_decision_lets_another_take_its_place(
    book: Casebook, path: Path, key: str
) -> None:
    """Replacing pushes out whatever row shares any unique key, so each of them is guarded."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    others = {"decision_id": "'x'", "idempotency_key": "'y'", "audit_seq": "99"}
    with sqlite3.connect(path) as con:
        columns = [name for _, name, *_ in con.execute("pragma table_info(decisions)")]
        values = ", ".join(
            others[name] if name in others and name != key else name for name in columns
        )
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            con.execute(f"insert or replace into decisions select {values} from decisions")
