"""Two people in two browsers, by OpenID Connect, by a proxy and in the demo; strangers in none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from tests.browser.driving import wait_until_idle
from tests.browser.openid import CLIENT, SECRET, WRONG_KEY, provider
from tests.browser.proxy import proxy
from tests.dashboard import tiny_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.openid import Provider

PEOPLE = """
[[people]]
name = "Lea Tan"
sign_in = "lea@example.com"
role = "approver"

[[people]]
name = "Bo Lind"
sign_in = "bo@example.com"
role = "auditor"
markets = ["SG"]
"""
CLAIMS = {
    "Lea": {"email": "lea@example.com", "name": "L. Tan"},
    "Bo": {"email": "bo@example.com", "name": "B. Lind"},
    "Eve": {"email": "eve@example.com", "name": "Lea Tan"},
    WRONG_KEY: {"email": "lea@example.com"},
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny database."""
    return tiny_database.write(tmp_path_factory.mktemp("sign_in") / "ringfence.duckdb")


@pytest.fixture(scope="module")
def people_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people."""
    path = tmp_path_factory.mktemp("people") / "people.toml"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def proxy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the people of a server behind a proxy stand: it is read again when it changes."""
    return tmp_path_factory.mktemp("proxy") / "people.toml"


@pytest.fixture(scope="module")
def login() -> Iterator[Provider]:
    """The provider that people sign in at."""
    with provider(CLAIMS) as made:
        yield made


@pytest.fixture(scope="module")
def url(login: Provider, app_url: Callable[..., str], database: Path, people_file: Path) -> str:
    """A server where people sign in at the provider."""
    path = people_file.with_name("secrets.toml")
    path.write_text(
        f"""[auth]
        redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
        cookie_secret = "nobody guesses what is as long as this"
        client_id = "{CLIENT}"
        client_secret = "{SECRET}"
        server_metadata_url = "{login.url}/.well-known/openid-configuration"
        """,
        encoding="utf-8",
    )
    files = {"RINGFENCE_SECRETS": str(path), "RINGFENCE_PEOPLE": str(people_file)}
    return app_url(database, **files)


def signed_in(open_page: Callable[..., Page], url: str, name: str, asked: str = "/") -> Page:
    """A browser of its own in which somebody who asked for a page signed in as `name`."""
    page = open_page(f"{url}{asked}")
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"{url}{asked}")
    wait_until_idle(page)
    return page


def head(page: Page) -> str:
    """Who the head of the page says is here."""
    return page.locator(".st-key-who-more").get_by_role("button").first.inner_text()


def test_two_people_sign_in_and_out(
    open_page: Callable[..., Page], url: str, login: Provider
) -> None:
    """Each sees their name and role at the same time; who signs out is nobody, here and there."""
    lea, bo = (signed_in(open_page, url, name) for name in ("Lea", "Bo"))
    assert "Lea Tan · Approver" in head(lea)
    assert "Bo Lind · Auditor · SG" in head(bo)
    expect(lea.get_by_role("link", name="Queue", exact=True)).to_be_visible()
    lea.reload()
    wait_until_idle(lea)
    assert "Lea Tan" in head(lea)
    lea.locator(".st-key-who-more").get_by_role("button").first.click()
    lea.get_by_role("button", name="Sign out").click()
    expect(lea.get_by_text("You are not signed in")).to_be_visible()
    assert login.signed_out == [CLIENT]
    lea.reload()
    expect(lea.get_by_text("You are not signed in")).to_be_visible()
    bo.reload()
    wait_until_idle(bo)
    assert "Bo Lind" in head(bo)


def test_a_sign_in_leads_to_the_page_that_was_asked_for(
    open_page: Callable[..., Page], url: str
) -> None:
    """The provider sends everybody to the first page; a link of a colleague is not lost."""
    page = signed_in(open_page, url, "Lea", "/investigate?entity=merchant:mer_1")
    expect(page.get_by_text("Lucky Bazaar").first).to_be_visible()
    page.goto(url)
    wait_until_idle(page)
    expect(page).to_have_url(f"{url}/")


def test_who_is_not_listed_sees_a_sentence(open_page: Callable[..., Page], url: str) -> None:
    """Also under a listed person's display name, which anybody may choose."""
    page = signed_in(open_page, url, "Eve")
    expect(page.get_by_text("not one of the people")).to_be_visible()
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect(page.locator(".st-key-who")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are not signed in")).to_be_visible()


def test_a_token_of_a_wrong_key_is_nobody(open_page: Callable[..., Page], url: str) -> None:
    """Whatever it says."""
    page = signed_in(open_page, url, WRONG_KEY)
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    expect(page.locator(".st-key-who")).to_have_count(0)


def test_a_cookie_of_a_guessed_secret_is_nobody(open_page: Callable[..., Page], url: str) -> None:
    """Only what this server signed says who somebody is."""
    page = open_page(url)
    claims = {"email": "lea@example.com", "is_logged_in": True, "provider": "default"}
    value = json.dumps({**claims, "origin": url, "iat": 4_000_000_000})
    cookie = create_signed_value("nobody guesses", USER_COOKIE_NAME, value).decode()
    page.context.add_cookies([{"name": USER_COOKIE_NAME, "value": cookie, "url": url}])
    page.reload()
    expect(page.get_by_text("You are not signed in")).to_be_visible()


def test_two_browsers_of_a_demo_are_two_people(
    open_page: Callable[..., Page], app_url: Callable[..., str], database: Path
) -> None:
    """A choice holds for the browser, through a reload and on another page."""
    url = app_url(database, RINGFENCE_USER="first")
    one, two = open_page(f"{url}/?user=demo+admin&role=admin"), open_page(url)
    assert "Demo: first · Analyst" in head(one)
    choose(one, "demo approver")
    assert "Demo: demo approver · Approver" in head(one)
    one.goto(f"{url}/metrics")
    wait_until_idle(one)
    assert "demo approver" in head(one)
    two.reload()
    wait_until_idle(two)
    assert "Demo: first" in head(two)


def choose(page: Page, name: str) -> None:
    """Be another person of the demo."""
    page.locator(".st-key-who-more").get_by_role("button").first.click()
    page.locator(".st-key-who-person input").click()
    page.get_by_role("option", name=name).click()
    page.locator(".st-key-who").get_by_role("button", name=f"Demo: {name}").wait_for()
    wait_until_idle(page)


@pytest.mark.parametrize(
    ("proxy_of", "believed"),
    [("127.0.0.1", ""), ("10.0.0.5", ""), ("10.0.0.5", "127.0.0.1"), ("127.0.0.1", "127.0.0.1")],
)
def test_a_header_counts_from_its_proxy_alone(
    open_page: Callable[..., Page],
    app_url: Callable[..., str],
    database: Path,
    proxy_file: Path,
    proxy_of: str,
    believed: str,
) -> None:
    """The same header from the same machine: of the named address, and forged for it.

    Nobody is in where the server below takes the word of others about whose it is: so it is where
    it was not started by `ringfence serve`.
    """
    named = f'[proxy]\nheader = "X-User"\naddresses = ["{proxy_of}"]\n'
    proxy_file.write_text(PEOPLE + named, encoding="utf-8")
    url = app_url(database, RINGFENCE_PEOPLE=str(proxy_file), FORWARDED_ALLOW_IPS=believed)
    expect(open_page(url).get_by_text("You are not signed in")).to_be_visible()
    said = {"X-User": "lea@example.com", "X-Forwarded-For": "10.0.0.5", "X-Real-IP": "10.0.0.5"}
    port = int(url.rpartition(":")[2])
    with proxy(port, "", strips=False, said=said) as door:
        page = open_page(f"http://127.0.0.1:{door}/")
        if (proxy_of, believed) == ("127.0.0.1", ""):
            assert "Lea Tan · Approver" in head(page)
        else:
            expect(page.get_by_text("You are not signed in")).to_be_visible()
        page.close()
