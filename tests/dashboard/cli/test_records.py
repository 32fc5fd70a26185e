"""The commands of whoever keeps the casebook: each says what it did, and ends with 1 if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dashboard.access import Viewer
from dashboard.casebook import open_casebook
from dashboard.cases.records import DecisionDraft
from dashboard.cases.states import Verdict
from dashboard.cli import app, commands
from dashboard.cli.records import anchor_end
from dashboard.errors import AccessDenied, ErasureRefused, RestoreRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dashboard.casebook import Casebook

    Run = Callable[..., tuple[int, str]]
NOTE = "Ludmilla told me so."


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A casebook, a folder for its key, and an administrator at the keyboard."""
    address = f"sqlite:///{tmp_path / 'book' / 'casebook.sqlite'}"
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", address)
    monkeypatch.setenv("RINGFENCE_AUDIT_FOLDER", str(tmp_path / "audit"))
    monkeypatch.delenv("RINGFENCE_AUDIT_KEY", raising=False)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("RINGFENCE_USER", "ada")
    monkeypatch.setenv("RINGFENCE_ROLE", "admin")
    return address


@pytest.fixture
def book(url: str) -> Casebook:
    """It, with a decision."""
    made = open_casebook(url)
    draft = DecisionDraft("merchant", "mer_1", Verdict.INCONCLUSIVE, "one", note=NOTE)
    made.decide(draft, viewer=Viewer("ann"))
    return made


@pytest.fixture
def run() -> Run:
    """A command line, its exit code and its words; an error of ours is raised."""

    def call(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        return done.exit_code, done.output

    return call


def test_the_trail_is_anchored_checked_and_written_out(
    book: Casebook, run: Run, tmp_path: Path
) -> None:
    """Without a key it says what nobody knows; with one it finds a file that was deleted."""
    code, said = run("audit", "verify")
    assert (code, "no audit key" in said) == (0, True)
    assert "ringfence audit verify" not in said
    assert run("audit", "key")[0] == 0
    code, said = run("audit", "verify")
    assert (code, "The audit trail holds: 4 entries, 0 anchors." in said) == (0, True)
    code, said = run("audit", "verify")
    assert "4 entries, 1 anchor." in said
    code, said = run("audit", "export", str(tmp_path / "trail.jsonl"))
    assert "4 entries of the audit trail in" in said
    assert len((tmp_path / "trail.jsonl").read_text().splitlines()) == 5
    book.close()
    for each in (tmp_path / "book").iterdir():
        each.unlink()
    code, said = run("audit", "verify")
    assert (code, "was deleted or moved" in said) == (1, True)


def test_a_build_and_a_start_anchor_too(
    book: Casebook, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where something is new; without a key nothing is written."""
    anchor_end(tmp_path, "build")
    assert not (tmp_path / "audit").exists()
    run("audit", "key")
    served: list[str] = []
    monkeypatch.setattr(commands, "existing", lambda folder: folder)
    monkeypatch.setattr(commands, "refuse_unsafe", lambda *_: None)
    monkeypatch.setattr(commands, "run_server", lambda *_: served.append("served") or 0)
    assert run("serve", "--build", str(tmp_path))[0] == 0
    assert served
    (log,) = (tmp_path / "audit").glob("anchors-*.jsonl")
    assert '"cause": "serve"' in log.read_text()
    assert book.verify() is None


def test_a_backup_comes_back_and_loses_nothing_without_a_word(
    book: Casebook, run: Run, tmp_path: Path
) -> None:
    """What would be lost is refused; with --force it is restored, and verify says so."""
    run("audit", "key")
    target = str(tmp_path / "book.jsonl.gz")
    code, said = run("casebook", "backup", target)
    assert (code, "up to entry 4" in said) == (0, True)
    later = DecisionDraft("merchant", "mer_2", Verdict.INCONCLUSIVE, "two", note=NOTE)
    book.decide(later, viewer=Viewer("ann"))
    run("audit", "verify")
    with pytest.raises(RestoreRefused, match="would be lost"):
        run("casebook", "restore", target)
    code, said = run("casebook", "restore", target, "--force")
    assert "the trail holds up to entry 4" in said
    code, said = run("audit", "verify")
    assert (code, "a backup of 4 entries was restored in the place of 8" in said) == (0, True)


def test_what_was_written_about_somebody_is_erased(book: Casebook, run: Run) -> None:
    """Unless a hold keeps it; only whoever administers may."""
    about = ("--subject", "merchant:mer_1")
    code, said = run("casebook", "hold", *about, "--reason", "Court order 12/26")
    assert "is kept until" in said
    with pytest.raises(ErasureRefused, match="legal hold"):
        run("casebook", "erase", *about, "--basis", "Art. 17 GDPR")
    code, said = run("casebook", "release", *about, "--reason", "Order lifted")
    assert "1 legal hold on merchant:mer_1 ended." in said
    code, said = run("casebook", "erase", *about, "--basis", "Art. 17 GDPR")
    assert (code, "Erased: " in said) == (0, True)
    assert book.decisions("merchant", "mer_1")[0].note != NOTE
    code, said = run("casebook", "retain")
    assert "Nothing is older than it is kept." in said
    assert run("audit", "verify")[0] == 0


@pytest.mark.parametrize(
    "act", [["backup", "x"], ["retain"], ["hold", "--subject", "a:b", "--reason", "Court"]]
)
def test_whoever_may_not_is_refused(
    book: Casebook, run: Run, monkeypatch: pytest.MonkeyPatch, act: list[str]
) -> None:
    """Also at the keyboard of the machine."""
    monkeypatch.setenv("RINGFENCE_ROLE", "analyst")
    before = book.end()
    with pytest.raises(AccessDenied):
        run("casebook", *act)
    with pytest.raises(AccessDenied):
        run("audit", "export", "x")
    assert book.end() == before
