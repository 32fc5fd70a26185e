"""What leaves for the platform arrives, in order and signed, at least once, and is answered."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.casebook.messages import CLAIM, FIRST_WAIT, MOST_ATTEMPTS
from dashboard.casebook.rows import now
from dashboard.cases.effects import LAPSE, MessageState
from dashboard.cases.states import CaseState, Verdict
from dashboard.errors import RingfenceError
from dashboard.outbox.sending import send_due
from dashboard.outbox.settings import OutboxSettings, from_environment
from dashboard.outbox.signing import opened
from dashboard.outbox.ways import KEY_HEADER, SIGNATURE_HEADER, Webhook, ways_of
from tests.dashboard.casebook.drafts import ANN, LEA, LEO, draft
from tests.dashboard.outbox.conftest import KEY, approve

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = now() + timedelta(hours=1)

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now


class Platform:
    """A real server that answers with the statuses it was told, then with 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests: list[tuple[dict[str, str], bytes]] = []
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                platform.requests.append((dict(self.headers), body))
                status = platform.statuses.pop(0) if platform.statuses else 200
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:9/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def keys(self) -> list[str]:
        """The idempotency keys that arrived, in order."""
        return [headers[KEY_HEADER] for headers, _ in self.requests]


@pytest.fixture
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """A platform; its first statuses are the parameter."""
    one = Platform(*getattr(request, "param", ()))
    yield one
    one.server.shutdown()
    one.server.server_close()


def files(settings: OutboxSettings) -> list[Path]:
    """The messages in the folder, by name."""
    assert settings.folder is not None
    return sorted(settings.folder.glob("*.json"))


def test_files_are_whole_signed_and_in_order(book: Casebook, settings: OutboxSettings) -> None:
    """Verified as a receiver would, without any code of ours; no half file is left."""
    approve(book)
    assert send_due(book, ways_of(settings), Clock()).delivered == 2
    bodies = []
    for path in files(settings):
        content = json.loads(path.read_text(encoding="utf-8"))
        digest = hmac.new(KEY, content["body"].encode(), hashlib.sha256).hexdigest()
        assert hmac.compare_digest(digest, content["signature"])
        bodies.append(json.loads(content["body"]))
    assert [body["kind"] for body in bodies] == ["HOLD", "REPLACE"]
    assert bodies[1]["reverses"] == bodies[0]["effect_id"]
    assert bodies[1]["subject"] == {"type": "merchant", "id": "mer_1"}
    assert settings.folder is not None
    assert [one for one in settings.folder.iterdir() if one.name.startswith(".")] == []
    assert {one.state for one in book.messages()} == {MessageState.DELIVERED}


@pytest.mark.parametrize("platform", [(500, 302, 503)], indirect=True)
def test_a_webhook_that_fails_at_first_is_tried_again_ever_later(
    book: Casebook, platform: Platform
) -> None:
    """The same key and body each time; nothing goes before its time, a redirect is no way."""
    ways, clock = [Webhook(platform.url, KEY, timeout=60.0)], Clock()
    for attempt in range(3):
        assert send_due(book, ways, clock).failed == 1
        assert send_due(book, ways, clock).failed == 0
        clock.now += FIRST_WAIT * 2**attempt - timedelta(seconds=1)
        assert send_due(book, ways, clock).failed == 0
        clock.now += timedelta(seconds=1)
    assert send_due(book, ways, clock).delivered == 1
    assert len(set(platform.keys())) == 1
    headers, body = platform.requests[-1]
    digest = hmac.new(KEY, body, hashlib.sha256).hexdigest()
    assert headers[SIGNATURE_HEADER] == f"sha256={digest}"
    assert len({body for _, body in platform.requests}) == 1


def test_what_never_arrives_is_a_dead_letter_that_can_be_revived(
    book: Casebook, platform: Platform
) -> None:
    """After so many attempts it is given up and sealed; what follows goes all the same."""
    platform.statuses = [500] * MOST_ATTEMPTS
    ways, clock = [Webhook(platform.url, KEY, timeout=60.0)], Clock()
    approve(book)
    for _ in range(MOST_ATTEMPTS):
        assert len(set(platform.keys())) <= 1
        send_due(book, ways, clock)
        clock.now += timedelta(hours=5)
    assert [one.state for one in book.messages()] == [MessageState.DELIVERED, MessageState.DEAD]
    assert book.messages([MessageState.DEAD])[0].problem == "The webhook answered 500."
    assert "give_up_message" in [one.action for one in book.history("merchant", "mer_1")]
    assert book.verify() is None
    assert book.revive_messages(clock.now) == 1
    assert send_due(book, ways, clock).delivered == 1


@pytest.mark.parametrize("platform", [(500,)], indirect=True)
def test_what_ends_a_hold_waits_for_what_began_it(book: Casebook, platform: Platform) -> None:
    """The order of a case holds across failures; another case is not held up."""
    ways, clock = [Webhook(platform.url, KEY, timeout=60.0)], Clock()
    case = book.case_of("merchant", "mer_1")
    assert case is not None
    book.move(case, CaseState.RETURNED, viewer=LEA, reason="Two parcels are missing.")
    book.decide(draft(Verdict.CONFIRMED, 2), viewer=ANN)
    send_due(book, ways, clock)
    clock.now += FIRST_WAIT
    send_due(book, ways, clock)
    kinds = [(json.loads(body)["subject"]["id"], json.loads(body)["kind"])
             for _, body in platform.requests]  # fmt: skip
    assert kinds == [
        ("mer_1", "HOLD"), ("mer_2", "HOLD"), ("mer_1", "HOLD"), ("mer_1", "REVERSE"),
    ]  # fmt: skip


def test_each_way_is_gone_once(
    book: Casebook, settings: OutboxSettings, platform: Platform
) -> None:
    """A file that was taken away is not written again because the webhook failed."""
    platform.statuses = [500]
    both, clock = OutboxSettings(KEY, settings.folder, platform.url), Clock()
    send_due(book, ways_of(both), clock)
    (path,) = files(settings)
    path.unlink()
    clock.now += FIRST_WAIT
    assert send_due(book, ways_of(both), clock).delivered == 1
    assert files(settings) == []


def test_a_lapse_is_announced_once(book: Casebook, settings: OutboxSettings) -> None:
    """When its hours are over, by whoever looks first; not of what was ended before."""
    clock = Clock()
    send_due(book, ways_of(settings), clock)
    clock.now += timedelta(hours=73)
    for _ in range(2):
        send_due(book, ways_of(settings), clock)
    assert [one.kind for one in book.messages()] == [LAPSE, "HOLD"]


_KILLED = """
import os, signal, sys
from pathlib import Path
from dashboard.casebook import Casebook
from dashboard.casebook.engine import open_engine
from dashboard.outbox.sending import send_due
from dashboard.outbox.ways import Folder, Webhook

class Fatal:
    def __init__(self, way):
        self.way, self.name = way, way.name
    def send(self, message):
        self.way.send(message)
        os.kill(os.getpid(), signal.SIGKILL)

book = Casebook(open_engine(sys.argv[1]))
key, place = sys.argv[2].encode(), sys.argv[3]
way = Webhook(place, key) if place.startswith("http") else Folder(Path(place), key)
send_due(book, [Fatal(way)])
"""


def killed(book: Casebook, place: str) -> None:
    """A process that sends one message and dies before it marks it."""
    code = [sys.executable, "-c", _KILLED, str(book._engine.url), KEY.decode(), place]
    assert subprocess.run(code, cwd=ROOT, check=False).returncode == -signal.SIGKILL


def test_a_sender_that_is_killed_loses_nothing(
    book: Casebook, settings: OutboxSettings, platform: Platform
) -> None:
    """Between writing and marking: sent again when the claim is over, under the same key."""
    clock = Clock()
    killed(book, str(settings.folder))
    clock.now = now()
    (path,) = files(settings)
    written = path.read_bytes()
    assert book.messages()[0].state == MessageState.SENDING
    assert send_due(book, ways_of(settings), clock).delivered == 0
    clock.now += CLAIM + timedelta(minutes=1)
    assert send_due(book, ways_of(settings), clock).delivered == 1
    assert files(settings) == [path]
    assert path.read_bytes() == written

    book.decide(draft(Verdict.CONFIRMED, 2), viewer=ANN)
    killed(book, platform.url)
    clock.now = now() + CLAIM + timedelta(minutes=1)
    assert send_due(book, [Webhook(platform.url, KEY, timeout=60.0)], clock).delivered == 1
    first, second = platform.requests
    assert first[0][KEY_HEADER] == second[0][KEY_HEADER]
    assert first[1] == second[1]


def test_two_senders_send_each_message_once(book: Casebook, platform: Platform) -> None:
    """Claimed by one, left alone by the other, on engines of their own."""
    book.decide_all([draft(Verdict.CONFIRMED, n) for n in range(2, 22)], viewer=ANN)
    others = [Casebook(open_engine(str(book._engine.url))) for _ in range(3)]
    senders = [
        threading.Thread(
            target=send_due, args=(one, [Webhook(platform.url, KEY, timeout=60.0)], Clock())
        )
        for one in others
    ]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    send_due(book, [Webhook(platform.url, KEY, timeout=60.0)], Clock())
    assert Counter(Counter(platform.keys()).values()) == {1: 21}


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "no way"),
        ({"RINGFENCE_OUTBOX_DIR": "x"}, "key"),
        ({"RINGFENCE_OUTBOX_DIR": "x", "RINGFENCE_OUTBOX_KEY": "short"}, "at least 32"),
        ({"RINGFENCE_OUTBOX_DIR": "x", "RINGFENCE_OUTBOX_KEY_FILE": "/none"}, "cannot be read"),
        ({"RINGFENCE_WEBHOOK_URL": "http://example.com/"}, "not encrypted"),
        ({"RINGFENCE_WEBHOOK_URL": "ftp://example.com/"}, "no address"),
        ({"RINGFENCE_WEBHOOK_URL": "https://a:b@example.com/"}, "password"),
    ],
)
def test_unsafe_settings_are_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], problem: str
) -> None:
    """Nothing leaves unsigned, or where others can read it."""
    for name in [name for name in os.environ if name.startswith("RINGFENCE_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RingfenceError, match=problem):
        from_environment()


def test_an_overturn_is_told(book: Casebook, settings: OutboxSettings) -> None:
    """What an approver ends leaves too, after what it ends."""
    approve(book)
    (effect,) = book.standing_effects(["merchant:mer_1"])["merchant:mer_1"]
    book.end_effect(effect, "The appeal was right.", viewer=LEO)
    send_due(book, ways_of(settings), Clock())
    bodies = [json.loads(opened(path.read_text(encoding="utf-8"), KEY)) for path in files(settings)]
    assert [body["kind"] for body in bodies] == ["HOLD", "REPLACE", "REVERSE"]
    assert bodies[2]["reverses"] == effect.effect_id
