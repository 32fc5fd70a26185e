"""The entry of the app: without a database or a role it is a sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import access
from dashboard.app import HOME, PAGES
from dashboard.people import session
from tests.casebooks import empty_casebook
from tests.dashboard import tiny_database
from tests.patience import PATIENCE_SECONDS

APP = str(Path(dashboard.__file__).with_name("app.py"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "No database at"), (b"half", "is not a complete DuckDB database")],
)
def test_the_app_without_a_database_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, sentence: str
) -> None:
    """A missing or broken database is a sentence and a command, never a trace."""
    path = tmp_path / "ringfence.duckdb"
    if content:
        path.write_bytes(content)
    monkeypatch.setenv("RINGFENCE_DATABASE", str(path))
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert not app.exception
    assert sentence in _text(app)
    assert "ringfence build" in _text(app)


def test_a_role_without_reading_sees_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown role is told, not served."""
    monkeypatch.setenv("RINGFENCE_ROLE", "nobody")
    assert "Your role" in _text(AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run())


def _text(app: AppTest) -> str:
    return " ".join(element.value.replace("\\", "") for element in [*app.markdown, *app.caption])


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny database and a casebook of its own."""
    tiny_database.write(tmp_path / "ringfence.duckdb")
    monkeypatch.setenv("RINGFENCE_DATABASE", str(tmp_path / "ringfence.duckdb"))
    monkeypatch.setenv("RINGFENCE_CASEBOOK_URL", empty_casebook(tmp_path / "casebook.sqlite"))


def test_every_page_asks_for_a_permission() -> None:
    """One that the file of roles does not list would be nobody's."""
    assert set(PAGES) <= set(access.pages())
    asked = {one for needs in access.pages().values() for one in needs}
    assert asked <= set(access.permissions())
    assert not access.may_open(access.Viewer("a", "admin"), "elsewhere")


@pytest.mark.usefixtures("tiny")
def test_nobody_sees_the_way_in_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the menu, not a figure; a stranger is told so, and can sign out."""
    path = tmp_path / "people.toml"
    path.write_text('[[people]]\nname = "Lea"\nsign_in = "lea@x"\nrole = "qa"\n', encoding="utf-8")
    auth = {"redirect_uri": "http://x/oauth2callback", "cookie_secret": "x" * 32, "client_id": "r"}
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(path))
    monkeypatch.setattr(session, "get_secrets_auth_section", lambda: auth)
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert _text(app) == ":material/error: **You are not signed in.** Sign in to see anything."
    assert [one.label for one in app.button] == ["Sign in"]
    claims = {"is_logged_in": True, "provider": "default", "iat": time.time()}
    app.user = {**claims, "email": "eve@x"}
    assert "not one of the people" in _text(app.run())
    assert [one.label for one in app.button] == ["Sign out"]
    app.user = {**claims, "email": "lea@x"}
    app.session_state["who.more"] = True
    app.run()
    assert "Sign out" in [one.label for one in app.button]
    assert len(app.button) > 3


@pytest.mark.usefixtures("tiny")
def test_a_page_that_a_role_does_not_open_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its address, with nothing of its content; another role sees the page."""
    monkeypatch.setattr(
        access, "pages", lambda: {**dict.fromkeys(PAGES, ("view",)), "queue": ("audit",)}
    )
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert "may not read who saw and did what" in _text(app)
    assert "Ask somebody whose role may: Auditor, Administrator." in _text(app)
    assert len(app.dataframe) == 0
    monkeypatch.setenv("RINGFENCE_ROLE", "auditor")
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert "Your role" not in _text(app)
    assert len(app.dataframe) > 0


@pytest.mark.usefixtures("tiny")
def test_a_page_begins_with_its_name() -> None:
    """One heading of the first level, which is what the menu calls it."""
    app = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS).run()
    assert [one.value for one in app.title] == [PAGES[HOME][0]]
