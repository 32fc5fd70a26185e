"""Statements out, appeals in: the commands act as whoever the environment names."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.cli import app, redress
from tests.dashboard import tiny_database
from tests.dashboard.casebook.redress import approved
from tests.dashboard.tiny_entities import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

HEARD = AS_OF - timedelta(days=2)
TOLD = AS_OF - timedelta(days=5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build folder with its casebook."""
    tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(tmp_path / "ringfence.duckdb"))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", f"sqlite:///{tmp_path / 'casebook.sqlite'}")
    monkeypatch.setenv("RINGFENCE_USER", "ann")
    monkeypatch.setenv("RINGFENCE_ROLE", "analyst")
    return tmp_path


@pytest.fixture
def references(folder: Path) -> list[str]:
    """The numbers of the statements of two shops, approved days before the data end."""
    book = Casebook(open_engine(f"sqlite:///{folder / 'casebook.sqlite'}"))
    made = [approved(book, number, day=TOLD) for number in (1, 2)]
    told = book.redress_of([one.decision_id for one in made])
    return [told[one.decision_id].statement.statement_id for one in made]


def test_statements_are_written_as_the_database_takes_them(
    folder: Path, references: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON as its interface takes it, so many a file, CSV with a row each; no other kind."""
    for name in ("out.json", "out.csv"):
        done = CliRunner().invoke(
            app,
            [
                "statements",
                "export",
                str(folder / name),
                "--since",
                f"{TOLD}",
                "--until",
                f"{TOLD}",
            ],
        )
        assert done.exit_code == 0, done.output
        assert "2 statements in" in done.output
        assert "refused" not in done.output
    content = json.loads((folder / "out.json").read_text())
    assert [one["puid"] for one in content["statements"]] == references
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["puid"] for row in rows] == references
    assert {row["category"] for row in rows} == {"STATEMENT_CATEGORY_SCAMS_AND_FRAUD"}
    monkeypatch.setattr(redress, "MOST_A_CALL", 1)
    done = CliRunner().invoke(
        app,
        [
            "statements",
            "export",
            str(folder / "each.json"),
            "--since",
            f"{TOLD}",
            "--until",
            f"{TOLD}",
        ],
    )
    assert "each-001.json to each-002.json" in done.output.replace("\n", "")
    parts = [json.loads(one.read_text()) for one in sorted(folder.glob("each-*.json"))]
    assert [[one["puid"] for one in part["statements"]] for part in parts] == [
        [reference] for reference in references
    ]
    refused = CliRunner().invoke(app, ["statements", "export", str(folder / "out.txt")])
    assert "neither .json nor .csv" in str(refused.exception)


def test_appeals_of_a_file_are_recorded_line_by_line(folder: Path, references: list[str]) -> None:
    """What is refused is said with its line and reason; the second time all of it is refused."""
    rows = [
        ["text", "reference", "received_on"],
        ["It was a sale, =HYPERLINK(1)", references[0], f"{HEARD}"],
        ["Mine too", "sor_nobody", f"{HEARD}"],
        ["And mine", references[1], "yesterday"],
        ["Too early", references[1], f"{TOLD - timedelta(days=40)}"],
    ]
    source = folder / "appeals.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    command = ["appeals", "import", str(source), "--build", str(folder)]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    assert "1 appeal recorded" in first.output
    for line in ("Line 3: No statement", "Line 4: ", "Line 5: An appeal against"):
        assert line in first.output
    assert "0 appeals recorded" in CliRunner().invoke(app, command).output
    book = Casebook(open_engine(f"sqlite:///{folder / 'casebook.sqlite'}"))
    assert [one.appeal.text for one in book.appeals_waiting(limit=9)] == [rows[1][0]]
