"""Only what the app needs enters: its own names, pages, files and websocket."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

import pytest

from dashboard.app import HOME, PAGES
from dashboard.errors import RingfenceError
from dashboard.web.gate import Gate, base_path, origin_of, own_names

ORIGINS = frozenset({"https://risk.example.com"})
HOSTS = own_names("10.0.0.7", ["*.corp.example"], ORIGINS)
GATE = Gate("/risk", frozenset(PAGES), HOME, HOSTS, ORIGINS)


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:8501", True), ("10.0.0.7", True), ("[::1]:8501", True), ("localhost", True),
        ("LOCALHOST.:80", True), ("risk.example.com", True), ("a.corp.example:99", True),
        ("evil.example", False), ("risk.example.com.evil.example", False), ("", False),
        ("corp.example", False), ("user@localhost", False), ("localhost:port", False),
        ("localhost/x", False),
    ],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused(host: str, is_ours: bool) -> None:
    """A page of another site cannot reach us by pointing its own name at this machine."""
    answer = GATE.refused_name(host)
    assert (answer is None) is is_ours
    assert answer is None or (answer.status == 403 and "--allow-origin" in answer.sentence)


@pytest.mark.parametrize(
    ("origin", "host", "is_welcome"),
    [
        ("", "127.0.0.1:8501", True),
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("https://risk.example.com", "127.0.0.1:8501", True),
        ("https://RISK.example.com", "127.0.0.1:8501", True),
        ("http://risk.example.com", "127.0.0.1:8501", False),
        ("https://risk.example.com:444", "127.0.0.1:8501", False),
        ("http://127.0.0.1:8502", "127.0.0.1:8501", False),
        ("http://localhost:8501", "127.0.0.1:8501", False),
        ("null", "127.0.0.1:8501", False),
        ("https://evil.example", "127.0.0.1:8501", False),
    ],
)
def test_only_our_own_pages_talk_to_us(origin: str, host: str, is_welcome: bool) -> None:
    """Any other page in the same browser could read and decide in the analyst's name."""
    assert GATE.is_welcome(origin, host) is is_welcome


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "put"])
@pytest.mark.parametrize("path", ["/", "/_stcore/upload_file/a/b", "/_stcore/agent/interact"])
def test_nothing_is_handed_in(method: str, path: str) -> None:
    """There is no upload in the app, so there is none at the server."""
    answer = GATE.answer(method, path, "", has_body=True)
    assert answer is not None
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_read_has_no_body() -> None:
    """Fifty megabytes with a GET are not read either."""
    answer = GATE.answer("GET", "/", "", has_body=True)
    assert answer is not None
    assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/upload_file/a/b", "/_stcore/metrics", "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check", "/component/x/index.html", "/auth/login",
        "/oauth2callback", "/media", "/media/", "/static/", "/app/static/", "/robots.txt",
        "/.env", "/investigate/x.js",
    ],
)  # fmt: skip
def test_other_places_of_streamlit_are_closed(path: str) -> None:
    """Each is not there, rather than a page that is not."""
    answer = GATE.answer("GET", path, "", has_body=False)
    assert answer is not None
    assert answer.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "path",
    ["/", *(f"/{name}" for name in PAGES if name != HOME), "/_stcore/health", "/favicon.png",
     "/static/js/index.js", "/media/abc.csv", "/app/static/icon.svg",
     "/_stcore/bidi-components/x/graph.js", "/_stcore/host-config"],
)  # fmt: skip
def test_what_the_app_needs_is_let_in(path: str) -> None:
    """Every page by its address, and the files behind them."""
    assert GATE.answer("GET", path, "x=1", has_body=False) is None
    assert GATE.answer("HEAD", path, "x=1", has_body=False) is None


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/queue", "", "/risk/"),
        ("/queue/", "market=SG", "/risk/?market=SG"),
        ("/Investigate", "entity=buyer%3A%2F", "/risk/investigate?entity=buyer%3A%2F"),
        ("/METRICS//", "", "/risk/metrics"),
        ("/foo", "", "/risk/?lost=%2Ffoo"),
        ("/foo/bar/", "a=1", "/risk/?lost=%2Ffoo%2Fbar%2F"),
        ("//evil", "", "/risk/?lost=%2F%2Fevil"),
        ("/店", "", "/risk/?lost=%2F%E5%BA%97"),
    ],
)
def test_another_spelling_leads_to_the_page_and_no_page_to_the_queue(
    path: str, query: str, location: str
) -> None:
    """What the address asked for is kept; what there is none of is named."""
    answer = GATE.answer("GET", path, query, has_body=False)
    assert answer is not None
    assert answer.location.startswith(location)


@pytest.mark.parametrize(
    ("path", "inside"),
    [("/risk", "/"), ("/risk/", "/"), ("/risk/model", "/model"), ("/model", "/model"),
     ("/risky", "/risky"), ("/", "/")],
)  # fmt: skip
def test_the_base_is_taken_off_where_the_proxy_left_it(path: str, inside: str) -> None:
    """Both kinds of proxy come to the same."""
    assert GATE.inside(path) == inside


@pytest.mark.parametrize(
    ("text", "base"),
    [("", ""), ("/", ""), ("risk", "/risk"), ("/risk/", "/risk"), ("a//b", "/a/b")],
)
def test_a_base_path_is_written_in_any_way(text: str, base: str) -> None:
    """With slashes or without."""
    assert base_path(text) == base


@pytest.mark.parametrize("text", ["a b", "/x?y", "<script>", 'a"b', "../x?"])
def test_what_is_no_path_is_refused(text: str) -> None:
    """It ends up in a script of the page."""
    with pytest.raises(RingfenceError, match="is no path"):
        base_path(text)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Risk.Example.com/", "https://risk.example.com"),
        ("http://risk:8080", "http://risk:8080"),
        ("https://risk:443", "https://risk"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_as_a_browser_says_it(text: str, origin: str) -> None:
    """Lower case, without the usual port."""
    assert origin_of(text) == origin


@pytest.mark.parametrize(
    "text", ["risk.example.com", "ftp://x", "https://", "https://x/risk", "*", "http://x:y", ""]
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    """Nobody finds out in production that nothing was allowed."""
    with pytest.raises(RingfenceError, match="is no origin"):
        origin_of(text)


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout", "/oauth2callback"])
def test_the_way_to_a_provider_is_open_where_there_is_one(path: str) -> None:
    """And nothing beside it."""
    closed = GATE.answer("GET", path, "", has_body=False)
    assert closed is not None
    assert closed.status == 404
    signs_in = replace(GATE, signs_in=True)
    assert signs_in.answer("GET", path, "code=1", has_body=False) is None
    for other in ("/auth", "/auth/other", f"{path}/x"):
        answer = signs_in.answer("GET", other, "", has_body=False)
        assert answer is not None
        assert answer.status == 404
    posted = signs_in.answer("POST", path, "", has_body=True)
    assert posted is not None
    assert posted.status == 405
