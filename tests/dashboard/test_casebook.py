"""The casebook keeps its promises: legal steps, one winner, an unbroken trail, real labels."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

import queries
from dashboard.access import Viewer
from dashboard.casebook import (
    ADVERSE,
    TRANSITIONS,
    Casebook,
    CaseState,
    DecisionDraft,
    Verdict,
    engine,
    open_casebook,
)
from dashboard.casebook.engine import open_engine
from dashboard.casebook.schema import metadata
from dashboard.casebook.states import check_transition, decision_steps
from dashboard.errors import (
    AccessDenied,
    CasebookUnavailable,
    IllegalTransition,
    IncompleteDecision,
    StaleCase,
)

ANN, BOB = Viewer("ann"), Viewer("bob")
LEA, LEO = Viewer("lea", "lead"), Viewer("leo", "lead")
ADVERSE_DRAFT = DecisionDraft(
    "merchant", "mer_1", Verdict.CONFIRMED, "key-1", "T1_BRUSHING", "SETTLEMENT_DEFER",
    ("DEVICE_REUSE",), "Forty buyers on two devices.", 0.9, 0.97, date(2026, 1, 1), "v1",
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where this test's casebook lies."""
    return tmp_path / "casebook.sqlite"


@pytest.fixture
def book(path: Path) -> Casebook:
    """An empty casebook."""
    return Casebook(open_engine(f"sqlite:///{path}"))


def draft(verdict: Verdict, number: int = 1, **changes: Any) -> DecisionDraft:
    """A complete draft of `verdict` about merchant `number`, with its own key."""
    base = replace(
        ADVERSE_DRAFT,
        verdict=verdict,
        entity_id=f"mer_{number}",
        idempotency_key=f"{verdict}{number}",
    )
    neutral = {} if verdict in ADVERSE else {"action": "NO_ACTION"}
    return replace(base, **{**neutral, **changes})


# --- legal steps


def test_every_state_can_be_reached_and_left() -> None:
    """The life cycle has no dead end and no orphan."""
    assert set(TRANSITIONS) == set(CaseState)
    assert set().union(*TRANSITIONS.values()) | {CaseState.NEW} == set(CaseState)
    assert all(TRANSITIONS.values())


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("action", ["NO_ACTION", "MONITOR", "SETTLEMENT_DEFER"])
def test_deciding_only_takes_legal_steps(verdict: Verdict, action: str) -> None:
    """Every step a decision makes is one the table allows."""
    for state in set(CaseState) - {CaseState.APPROVED, CaseState.ENFORCED}:
        for before, after in itertools.pairwise((state, *decision_steps(state, verdict, action))):
            check_transition(before, after)


def test_illegal_steps_are_refused_by_the_data_layer(book: Casebook) -> None:
    """Whatever the page offers, NEW does not become ENFORCED; nothing is written."""
    case = book.open_case("merchant", "mer_1", viewer=ANN)
    for wanted in set(CaseState) - TRANSITIONS[CaseState.NEW]:
        with pytest.raises(IllegalTransition, match="cannot become"):
            book.move(case, wanted, viewer=LEA)
    assert book.case_of("merchant", "mer_1") == case


def test_the_proposer_does_not_approve(book: Casebook) -> None:
    """Four eyes: a lead who proposed is refused, another lead approves and enforces."""
    book.decide(ADVERSE_DRAFT, viewer=LEA)
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    assert case.state == CaseState.PROPOSED
    for refused in (LEA, ANN):
        with pytest.raises(AccessDenied):
            book.move(case, CaseState.APPROVED, viewer=refused)
    enforced = book.move(
        book.move(case, CaseState.APPROVED, viewer=LEO), CaseState.ENFORCED, viewer=LEO
    )
    with pytest.raises(IllegalTransition, match="being carried out"):
        book.decide(replace(ADVERSE_DRAFT, idempotency_key="again"), viewer=ANN)
    assert enforced.state == CaseState.ENFORCED


def test_a_closed_case_is_reopened_by_a_new_decision(book: Casebook) -> None:
    """One entity, one case: the second episode continues the first."""
    first = book.decide(draft(Verdict.FALSE_POSITIVE), viewer=ANN)
    second = book.decide(draft(Verdict.CONFIRMED), viewer=BOB)
    assert first.case_id == second.case_id
    assert [d.verdict for d in book.decisions("merchant", "mer_1")] == [
        Verdict.CONFIRMED, Verdict.FALSE_POSITIVE,
    ]  # fmt: skip


# --- what a decision requires


@pytest.mark.parametrize("verdict", sorted(ADVERSE))
@pytest.mark.parametrize(
    ("lack", "said"),
    [
        ({"reason_codes": ()}, "reason code"), ({"note": " short  "}, "note"),
        ({"typology": ""}, "typology"), ({"action": "NO_ACTION"}, "needs an action"),
        ({"confidence": 1.5}, "Confidence"),
        ({"entity_id": ""}, "which entity"), ({"note": "n" * 10_001}, "longer"),
    ],
)  # fmt: skip
def test_adverse_verdicts_need_their_grounds(
    book: Casebook, verdict: Verdict, lack: dict[str, Any], said: str
) -> None:
    """What is missing is said; nothing is written."""
    with pytest.raises(IncompleteDecision, match=said):
        book.decide(draft(verdict, **lack), viewer=ANN)
    assert book.case_of("merchant", "mer_1") is None


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - ADVERSE))
def test_nobody_is_punished_on_a_clearing_verdict(book: Casebook, verdict: Verdict) -> None:
    """A victim's settlement is not held; securing the account is no punishment."""
    with pytest.raises(IncompleteDecision, match="cannot follow"):
        book.decide(draft(verdict, action="SETTLEMENT_DEFER"), viewer=ANN)
    assert book.decide(draft(verdict, action="SECURE_ACCOUNT", note=""), viewer=ANN).note == ""


def test_a_reader_cannot_write(book: Casebook) -> None:
    """The role is checked where the write happens."""
    for attempt in (
        lambda: book.decide(ADVERSE_DRAFT, viewer=Viewer("r", "viewer")),
        lambda: book.open_case("buyer", "buy_1", viewer=Viewer("r", "viewer")),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_a_double_click_records_once(book: Casebook) -> None:
    """The same intention is one decision and one case, however often it arrives."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: book.decide(ADVERSE_DRAFT, viewer=ANN), range(8)))
    assert len({each.decision_id for each in found}) == 1
    assert len(book.decisions("merchant", "mer_1")) == 1
    assert book.verify() is None


def test_of_two_writers_one_wins_and_the_other_is_told(book: Casebook) -> None:
    """The second one learns who changed what, and nothing of theirs is half written."""
    book.decide(draft(Verdict.INCONCLUSIVE), viewer=ANN, seen_version=0)
    with pytest.raises(StaleCase, match="changed by ann at") as caught:
        book.decide(draft(Verdict.CONFIRMED), viewer=BOB, seen_version=0)
    assert "Reload" in caught.value.remedy
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    moved = book.move(case, CaseState.INVESTIGATING, viewer=BOB)
    with pytest.raises(StaleCase, match="changed by bob"):
        book.move(case, CaseState.CLOSED_NO_ACTION, viewer=ANN)
    assert book.case_of("merchant", "mer_1") == moved


def test_concurrent_writers_leave_an_unbroken_trail(path: Path) -> None:
    """Many threads on several engines: every decision lands, the chain holds."""
    books = [Casebook(open_engine(f"sqlite:///{path}")) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda n: books[n % 3].decide(draft(Verdict.CONFIRMED, n), viewer=ANN), range(24)
            )
        )
    assert set(books[0].states()) == {f"merchant:mer_{n}" for n in range(24)}
    assert books[0].verify() is None


# --- what is remembered


def test_the_states_of_all_cases_are_known_in_one_question(book: Casebook) -> None:
    """Every entity with a case comes back with its latest state, and no other does."""
    assert book.states() == {}
    book.decide(draft(Verdict.CONFIRMED, 1), viewer=ANN)
    book.open_case("creator", "crt_1", viewer=ANN)
    before = book.states()
    assert before["creator:crt_1"] == CaseState.NEW
    assert before["merchant:mer_1"] == book.case_of("merchant", "mer_1").state  # type: ignore[union-attr]
    assert set(before) == {"merchant:mer_1", "creator:crt_1"}


def test_drafts_are_personal_and_end_with_the_decision(book: Casebook) -> None:
    """A reload does not lose what was typed; nobody else sees it; deciding clears it."""
    book.save_draft("merchant:mer_1", {"note": "half"}, viewer=ANN)
    book.save_draft("merchant:mer_1", {"note": "half a sentence"}, viewer=ANN)
    assert book.draft("merchant:mer_1", viewer=ANN) == {"note": "half a sentence"}
    assert book.draft("merchant:mer_1", viewer=BOB) is None
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert book.draft("merchant:mer_1", viewer=ANN) is None


def test_the_history_tells_who_did_what(book: Casebook) -> None:
    """Opened, picked up, decided, proposed: each with its actor and what changed."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    story = book.history("merchant", "mer_1")
    assert [entry.action for entry in story] == ["open_case", "move_case", "decide", "move_case"]
    assert {entry.actor for entry in story} == {"ann"}
    assert "Forty buyers" in story[2].after


def test_labels_are_what_analysts_found_out(book: Casebook) -> None:
    """Bad and good by the latest verdict; a victim and an open question teach nothing."""
    for number, verdict in enumerate(Verdict):
        book.decide(draft(verdict, number), viewer=ANN)
    book.decide(draft(Verdict.FALSE_POSITIVE, 90), viewer=ANN)
    book.decide(draft(Verdict.INCONCLUSIVE, 90), viewer=ANN)
    found = book.labels_frame()
    labels = dict(found.select("entity_id", "label").iter_rows())
    order = list(Verdict)
    assert labels == {
        f"mer_{order.index(Verdict.CONFIRMED)}": "bad",
        f"mer_{order.index(Verdict.LIKELY)}": "bad",
        f"mer_{order.index(Verdict.FALSE_POSITIVE)}": "good",
    }
    assert found["source"].unique().to_list() == ["casebook"]
    assert found.filter(pl.col("known_at") < pl.col("event_at")).is_empty()
    assert found.filter((pl.col("label") == "good") & pl.col("typology").is_not_null()).is_empty()


def test_labels_round_trip_through_the_raw_contract(book: Casebook, tmp_path: Path) -> None:
    """Written as a raw table and read back, the frame has the contract's columns and types."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    written = book.labels_frame()
    written.write_parquet(tmp_path / "labels.parquet")
    assert pl.read_parquet(tmp_path / "labels.parquet").equals(written)
    contract = tomllib.loads((queries.ROOT / "contracts" / "raw.toml").read_text())["labels"]
    types = {"varchar": pl.String(), "timestamp": pl.Datetime("us")}
    wanted = {name: types[column["type"]] for name, column in contract["columns"].items()}
    assert dict(written.schema) == wanted
    assert written["label_id"].n_unique() == written.height


# --- the trail


def _edit(path: Path, *statements: str) -> None:
    """Change the file behind the casebook's back, triggers dropped."""
    with sqlite3.connect(path) as con:
        triggers = con.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in triggers:
            con.execute(f"drop trigger {name}")
        for statement in statements:
            con.execute(statement)


@pytest.mark.parametrize("table", ["audit", "decisions"])
@pytest.mark.parametrize("verb", ["update {} set case_id = ''", "delete from {}"])
def test_the_database_itself_refuses_changes(
    book: Casebook, path: Path, table: str, verb: str
) -> None:
    """Even a direct SQL client meets the triggers."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    statement = verb.format(table).replace("case_id", "note" if table == "decisions" else "actor")
    with sqlite3.connect(path) as con, pytest.raises(sqlite3.DatabaseError, match="append-only"):
        con.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set actor = 'bob' where seq = 3",
        "update audit set at = '2020-01-01 00:00:00.000000' where seq = 2",
        "update audit set after = replace(after, 'Forty', 'Four') where seq = 3",
        "update audit set hash = previous_hash where seq = 1",
        "delete from audit where seq = 2",
        "delete from audit where seq = (select max(seq) from audit)",
        "delete from audit",
        "update decisions set verdict = 'FALSE_POSITIVE'",
        "update decisions set note = ''",
        "delete from decisions",
        "update cases set state = 'CLOSED_NO_ACTION'",
        "delete from cases",
    ],
)
def test_any_edit_breaks_the_chain(book: Casebook, path: Path, statement: str) -> None:
    """Whoever gets past the triggers is found by verify()."""
    book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert book.verify() is None
    _edit(path, statement)
    broken = book.verify()
    assert broken is not None
    assert broken.problem


def test_the_first_broken_link_is_the_one_edited(book: Casebook, path: Path) -> None:
    """verify() points at the place, not merely at the fact."""
    for number in range(5):
        book.decide(draft(Verdict.CONFIRMED, number), viewer=ANN)
    _edit(path, "update audit set actor = 'eve' where seq in (7, 12)")
    broken = book.verify()
    assert broken is not None
    assert broken.seq == 7


# --- crashes and other places

_WRITER = """
import sys
from dataclasses import replace
from dashboard.casebook.engine import open_engine
from dashboard.casebook import Casebook
from tests.dashboard.test_casebook import ANN, ADVERSE_DRAFT
book = Casebook(open_engine(sys.argv[1]))
for number in range(100_000):
    key = f"k{number}"
    book.decide(replace(ADVERSE_DRAFT, entity_id=key, idempotency_key=key), viewer=ANN)
    print(key, flush=True)
"""


def test_a_killed_process_loses_nothing_it_acknowledged(book: Casebook, path: Path) -> None:
    """SIGKILL in the middle of writing: every acknowledged decision is there, the trail holds."""
    command = [sys.executable, "-c", _WRITER, f"sqlite:///{path}"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(25)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.read().split()
    kept = {key for (_, key) in book.labels_frame().select("entity_type", "entity_id").iter_rows()}
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1
    assert book.verify() is None
    known = book.labels_frame()["known_at"]
    assert known.max() - known.min() < timedelta(minutes=1)  # type: ignore[operator]


def test_an_unusable_place_is_a_sentence(tmp_path: Path) -> None:
    """A directory, a foreign file, a bad URL: what was found and what to do."""
    (tmp_path / "foreign").write_text("not a database " * 100)
    for url in (f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path}/foreign", "nonsense"):
        with pytest.raises(CasebookUnavailable) as caught:
            open_engine(url)
        assert "RINGFENCE_CASEBOOK" in caught.value.remedy


def test_a_locked_casebook_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds the lock too long: the writer is told, and nothing is half written."""
    monkeypatch.setattr(engine, "_PRAGMAS", ("pragma busy_timeout = 30",))
    book = Casebook(open_engine(f"sqlite:///{path}"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin immediate")
        with pytest.raises(CasebookUnavailable, match="nothing was written"):
            book.decide(ADVERSE_DRAFT, viewer=ANN)
    assert book.decisions("merchant", "mer_1") == []


def test_a_newer_format_is_not_written_to(path: Path) -> None:
    """An older release leaves a newer casebook alone."""
    open_engine(f"sqlite:///{path}").dispose()
    _edit(path, "update chain set format_version = 2")
    with pytest.raises(CasebookUnavailable, match="format 2"):
        open_engine(f"sqlite:///{path}")


def test_the_environment_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the database unless RINGFENCE_CASEBOOK says otherwise; opened once per place."""
    monkeypatch.delenv("RINGFENCE_CASEBOOK", raising=False)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(tmp_path / "deep" / "ringfence.duckdb"))
    first = open_casebook()
    assert (tmp_path / "deep" / "casebook.sqlite").is_file()
    assert open_casebook() is first
    monkeypatch.setenv("RINGFENCE_CASEBOOK", f"sqlite:///{tmp_path}/other.sqlite")
    assert open_casebook() is not first


def test_the_tables_are_not_tied_to_sqlite() -> None:
    """Both databases accept the same table definitions."""
    dialects: tuple[Any, ...] = (sqlite, postgresql)
    for dialect in (each.dialect() for each in dialects):
        for table in metadata.sorted_tables:
            assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
