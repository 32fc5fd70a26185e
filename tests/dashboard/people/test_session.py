"""Who a session is: by token, by proxy, or by choice in a demo; and what of one person stays."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from dashboard.access import Viewer, acting_as, viewer
from dashboard.errors import AccessDenied
from dashboard.people import session
from dashboard.people.proxy import CARRIER, with_carrier
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

AUTH = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "ringfence",
}
FILE = """
[sign_in]
hours = 8

[proxy]
header = "X-User"
addresses = ["10.0.0.5"]

[[people]]
name = "Lea Tan"
sign_in = "lea@example.com"
role = "approver"
markets = ["ID"]

[[groups]]
group = "risk"
role = "analyst"
"""


def script() -> None:
    """A page that says who is here, and keeps a word of theirs in the session."""
    import streamlit as st

    from dashboard.errors import AccessDenied
    from dashboard.people import session

    try:
        here = session.admit()
    except AccessDenied as error:
        st.text(error.message)
        st.stop()
    who = here.viewer
    st.text(f"{who.name}|{who.role}|{','.join(sorted(who.markets))}|{here.way}")
    st.button("Keep", key="keep", on_click=st.session_state.update, args=({"note": "mine"},))
    st.text(f"kept {st.session_state.get('note', 'nothing')}")
    for one in session.demo_people() if here.way == session.DEMO else []:
        st.button(one.name, key=one.role, on_click=session.choose, args=(one,))


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RINGFENCE_USER", "RINGFENCE_ROLE", "RINGFENCE_MARKETS", "RINGFENCE_PEOPLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "get_secrets_auth_section", dict)


@pytest.fixture
def people_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of people and an OpenID provider."""
    path = tmp_path / "people.toml"
    path.write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(path))
    monkeypatch.setattr(session, "get_secrets_auth_section", lambda: AUTH)
    return path


def opened(**user: Any) -> AppTest:
    """The page in a session of its own, of somebody with these claims."""
    app = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS)
    app.user = user
    return app.run()


def said(app: AppTest) -> str:
    """The first line of the page."""
    assert not app.exception
    return str(app.text[0].value)


def token(**claims: Any) -> dict[str, Any]:
    """The claims of a token of now."""
    signed_in = {"is_logged_in": True, "provider": "default", "iat": time.time()}
    return {**signed_in, "email": "lea@example.com", **claims}


@pytest.mark.usefixtures("people_file")
def test_a_token_is_the_person_of_the_file() -> None:
    """By the claim of the file; who is in a group only is their own address."""
    assert said(opened(**token())) == "Lea Tan|approver|ID|default"
    kim = token(email="kim@example.com", groups=["risk"], name="Lea Tan")
    assert said(opened(**kim)) == "kim@example.com|analyst||default"


@pytest.mark.usefixtures("people_file")
@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"is_logged_in": False}, "You are not signed in"),
        ({"is_logged_in": "true"}, "You are not signed in"),
        ({"provider": "another"}, "You are not signed in"),
        ({"email": "eve@example.com"}, "not one of the people"),
        ({"email": None}, "says nothing about 'email'"),
        ({"email_verified": False}, "nobody has checked your address"),
        ({"iat": time.time() - 8.1 * 3600}, "Your sign-in is over"),
        ({"iat": None}, "Your sign-in is over"),
    ],
)
def test_a_token_that_says_less_is_nobody(claims: dict[str, Any], sentence: str) -> None:
    """Not a word of the page for them."""
    app = opened(**token(**claims))
    assert sentence in said(app)
    assert len(app.text) == 1


@pytest.mark.usefixtures("people_file")
def test_what_a_proxy_said_is_a_person_and_what_a_visitor_says_is_not() -> None:
    """Only under the name that this process made up."""
    headers = dict(with_carrier([(b"x-user", b"lea@example.com")], "10.0.0.5"))
    value = headers[CARRIER.encode()].decode()
    assert said(opened(**{CARRIER: value})) == "Lea Tan|approver|ID|proxy"
    assert "not signed in" in said(opened(**{CARRIER: None}))
    assert "not signed in" in said(opened(**{"x-ringfence-0": value, "X-User": "lea@example.com"}))


def test_who_is_taken_out_of_the_file_is_out_with_the_next_click(people_file: Path) -> None:
    """And who has another role has it then, with nothing left of what they had open."""
    app = opened(**token())
    app.button("keep").click().run()
    assert app.text[1].value == "kept mine"
    people_file.write_text(FILE.replace('"approver"', '"viewer"  '), encoding="utf-8")
    assert said(app.run()) == "Lea Tan|viewer|ID|default"
    assert app.text[1].value == "kept nothing"
    people_file.write_text(FILE.replace("lea@example.com", "x@example.com"), encoding="utf-8")
    assert "not one of the people" in said(app.run())
    people_file.write_text(f"{FILE}\nnonsense", encoding="utf-8")
    assert "refused" in said(app.run())


def test_two_sessions_of_a_demo_are_two_people() -> None:
    """Each is whom it chose, at once, and starts as the person of the environment."""
    first, second = opened(), opened()
    assert said(first) == said(second) == "analyst|analyst||demo"
    first.button("approver").click().run()
    assert said(first) == "demo approver|approver||demo"
    assert said(second.run()) == "analyst|analyst||demo"
    assert said(first.run()) == "demo approver|approver||demo"


def test_what_one_person_typed_is_not_the_next_ones() -> None:
    """Another person of the demo finds the session as it was before anybody came."""
    app = opened()
    app.button("keep").click().run()
    app.button("senior").click().run()
    assert app.text[1].value == "kept nothing"
    app.button("analyst").click().run()
    assert app.text[1].value == "kept nothing"


def test_a_demo_is_of_every_role_and_never_wider_than_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One person each, and nobody sees a market that the process may not."""
    monkeypatch.setenv("RINGFENCE_USER", "lea")
    monkeypatch.setenv("RINGFENCE_ROLE", "approver")
    monkeypatch.setenv("RINGFENCE_MARKETS", "ID,MY")
    made = session.demo_people()
    assert {one.role for one in made} == set(access.roles())
    assert len({one.name for one in made}) == len(made) == len(access.roles())
    assert {one.markets for one in made} == {frozenset({"ID", "MY"})}
    app = opened()
    app.session_state["people.demo"] = ("demo analyst", frozenset({"US"}))
    assert said(app.run()) == "demo analyst|analyst|ID,MY|demo"
    app.session_state["people.demo"] = ("demo analyst", frozenset({"US", "MY"}))
    assert said(app.run()) == "demo analyst|analyst|MY|demo"


def test_no_address_makes_one_another_person() -> None:
    """Neither a parameter nor a header is a choice."""
    app = AppTest.from_function(script, default_timeout=PATIENCE_SECONDS)
    for name in ("people.demo", "user", "role", "who.person", "RINGFENCE_USER"):
        app.query_params[name] = "demo admin"
    assert said(app.run()) == "analyst|analyst||demo"


def test_a_scope_that_names_no_market_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """RINGFENCE_MARKETS="," sees nothing, in a session as in a command."""
    monkeypatch.setenv("RINGFENCE_MARKETS", ",")
    assert "names no market" in said(opened())


def test_a_thread_acts_for_whom_it_is_told() -> None:
    """And for nobody else, nor any longer."""
    lea, names = Viewer("lea", "qa"), []

    def work() -> None:
        names.append(viewer().name)
        with acting_as(lea):
            names.append(viewer().name)
        names.append(viewer().name)

    thread = threading.Thread(target=work)
    with acting_as(Viewer("other", "admin")):
        thread.start()
        thread.join()
    assert names == ["analyst", "lea", "analyst"]


def test_a_thread_of_a_server_without_a_session_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the person of the environment, who may see more."""
    monkeypatch.setattr(session, "_is_served", lambda: True)
    with pytest.raises(AccessDenied, match="Nobody is signed in"):
        session.session_viewer()
