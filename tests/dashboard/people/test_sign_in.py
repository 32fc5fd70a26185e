"""Which sign-ins are configured, what is half configured, and where a server may listen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.errors import SignInRefused
from dashboard.people.sign_in import (
    SignIn,
    auth_section,
    is_loopback,
    refuse_open,
    sign_in_of,
)

if TYPE_CHECKING:
    from pathlib import Path

AUTH = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "ringfence",
}
NAMED = {"redirect_uri": AUTH["redirect_uri"], "cookie_secret": AUTH["cookie_secret"]}


@pytest.fixture
def people_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of people, named by the environment."""
    path = tmp_path / "people.toml"
    path.write_text('[[people]]\nname = "A"\nsign_in = "a@x"\nrole = "qa"\n', encoding="utf-8")
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(path))
    return path


def test_nothing_is_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider, no file of people."""
    monkeypatch.delenv("RINGFENCE_PEOPLE", raising=False)
    assert not sign_in_of({}).is_there


@pytest.mark.usefixtures("people_file")
@pytest.mark.parametrize(
    ("auth", "providers"),
    [
        (AUTH, ("default",)),
        ({**NAMED, "google": {"client_id": "g"}, "okta": {"client_id": "o"}}, ("google", "okta")),
    ],
)
def test_providers_are_read_by_name(auth: dict[str, Any], providers: tuple[str, ...]) -> None:
    """The one of `[auth]` itself, and each of a table of its own."""
    assert sign_in_of(auth) == SignIn(providers)


def test_a_proxy_is_a_sign_in(people_file: Path) -> None:
    """By its header and its addresses in the file of people."""
    with people_file.open("a", encoding="utf-8") as file:
        file.write('[proxy]\nheader = "X-User"\naddresses = ["10.0.0.1"]\n')
    assert sign_in_of({}) == SignIn(has_proxy=True)


@pytest.mark.usefixtures("people_file")
@pytest.mark.parametrize(
    ("auth", "said"),
    [
        ({}, "lists people, but nobody can sign in"),
        ({"cookie_secret": "x" * 40, "client_id": "r"}, "lacks redirect_uri"),
        ({"redirect_uri": "http://x/oauth2callback", "client_id": "r"}, "lacks cookie_secret"),
        (NAMED, "lacks client_id"),
        ({**AUTH, "cookie_secret": "guess me"}, "shorter than 32"),
    ],
)
def test_half_a_sign_in_lets_nobody_in(auth: dict[str, Any], said: str) -> None:
    """Each with what is lacking."""
    with pytest.raises(SignInRefused, match=said):
        sign_in_of(auth)


def test_a_provider_without_people_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody of the provider would be somebody, and nothing says what they may."""
    monkeypatch.delenv("RINGFENCE_PEOPLE", raising=False)
    with pytest.raises(SignInRefused, match="no file says who may do what"):
        sign_in_of(AUTH)


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *(("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("[::1]", True)),
        *(("localhost", True), ("LOCALHOST.", True), ("", False), ("0.0.0.0", False)),  # noqa: S104
        *(("::", False), ("10.0.0.1", False), ("risk.example.com", False), ("unix:/a", False)),
        *(("localhost.example.com", False), ("127.0.0.1.example.com", False)),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, is_own: bool) -> None:
    """A name that only looks so is another's."""
    assert is_loopback(host) is is_own


@pytest.mark.parametrize(
    ("host", "origins"),
    [
        ("0.0.0.0", []),  # noqa: S104
        ("", []),
        ("192.168.0.7", []),
        ("127.0.0.1", ["https://risk.example.com"]),
        ("127.0.0.1", ["*"]),
    ],
)
def test_without_a_sign_in_it_is_served_to_this_machine_only(host: str, origins: list[str]) -> None:
    """Wherever others could come from, by address or by the name of a proxy."""
    with pytest.raises(SignInRefused, match="whoever they choose") as refusal:
        refuse_open(SignIn(), host, origins)
    assert "--host 127.0.0.1" in refusal.value.remedy
    refuse_open(SignIn(("default",)), host, origins)
    refuse_open(SignIn(has_proxy=True), host, origins)
    refuse_open(SignIn(), "127.0.0.1", ["http://localhost:8080"])


def test_secrets_are_read_from_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the variable, else of the home; one that is named and not there is said."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("RINGFENCE_SECRETS", raising=False)
    assert auth_section() == {}
    path = tmp_path / ".streamlit" / "secrets.toml"
    path.parent.mkdir()
    path.write_text('[auth]\nclient_id = "r"\n', encoding="utf-8")
    assert auth_section() == {"client_id": "r"}
    path.write_text("auth = 3\n", encoding="utf-8")
    with pytest.raises(SignInRefused, match="lacks"):
        sign_in_of(auth_section())
    path.write_text("[auth\n", encoding="utf-8")
    with pytest.raises(SignInRefused, match="cannot be read"):
        auth_section()
    monkeypatch.setenv("RINGFENCE_SECRETS", str(tmp_path / "none.toml"))
    with pytest.raises(SignInRefused, match=r"no file none\.toml"):
        auth_section()
