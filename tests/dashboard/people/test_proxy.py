"""A header that says who somebody is counts from the named proxies, and from nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.people.proxy import CARRIER, carried, with_carrier

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
[proxy]
header = "X-Forwarded-Email"
groups_header = "X-Forwarded-Groups"
addresses = ["10.0.0.5", "10.1.0.0/24", "fd00::/8"]
"""
LEA = (b"x-forwarded-email", b"lea@example.com")


@pytest.fixture(autouse=True)
def people_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of people with a proxy."""
    path = tmp_path / "people.toml"
    path.write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(path))
    return path


def said(headers: list[tuple[bytes, bytes]], peer: str) -> tuple[str, list[str]] | None:
    """What reaches the session of a connection with these headers."""
    values = [value for name, value in with_carrier(headers, peer) if name == CARRIER.encode()]
    assert len(values) < 2
    return carried(values[0].decode()) if values else None


@pytest.mark.parametrize("peer", ["10.0.0.5", "10.1.0.99", "::ffff:10.0.0.5", "fd00::1"])
def test_a_named_proxy_is_believed(peer: str) -> None:
    """By address and by network, in both spellings of an IPv4 address."""
    groups = (b"x-forwarded-groups", "risk, prüfer,".encode())
    assert said([LEA, groups], peer) == ("lea@example.com", ["risk", "prüfer"])


@pytest.mark.parametrize("peer", ["10.0.0.6", "127.0.0.1", "::1", "", "testclient", "10.0.1.5"])
def test_nobody_else_is_believed(peer: str) -> None:
    """Whatever they send, and whoever they say they speak for."""
    forged = [
        LEA,
        (b"x-forwarded-for", b"10.0.0.5"),
        (b"forwarded", b"for=10.0.0.5"),
        (CARRIER.encode(), b"%7B%22sign_in%22%3A%22lea%40example.com%22%7D"),
    ]
    assert said(forged, peer) is None


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"x-forwarded-email", b"  ")],
        [LEA, (b"x-forwarded-email", b"eve@example.com")],
        [(b"x_forwarded_email", b"lea@example.com")],
    ],
)
def test_a_proxy_that_says_nothing_clear_says_nothing(
    headers: list[tuple[bytes, bytes]],
) -> None:
    """Twice the same header: one of them came through it from a visitor."""
    assert said(headers, "10.0.0.5") is None


def test_a_broken_file_believes_nobody(people_file: Path) -> None:
    """And no file at all has no proxy."""
    people_file.write_text(FILE + "nonsense", encoding="utf-8")
    assert said([LEA], "10.0.0.5") is None
