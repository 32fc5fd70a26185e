"""Who a trusted proxy says is coming: taken from its header where the connection is opened.

The address of the other end is known there and nowhere later, and no header can claim it. What
the proxy said travels on to the session under a name that this process made up when it started,
so that no visitor can say it himself, whatever he sends.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from dashboard.errors import RingfenceError
from dashboard.people.directory import people

if TYPE_CHECKING:
    from collections.abc import Iterable

CARRIER = f"x-ringfence-{secrets.token_hex(24)}"
"""The header of our own, and the name under which Streamlit hands it to the session."""

BELIEVED = "FORWARDED_ALLOW_IPS"
"""Variable of the server below: whose word about forwarding it takes. Empty is nobody's."""


def with_carrier(headers: Iterable[tuple[bytes, bytes]], peer: str) -> list[tuple[bytes, bytes]]:
    """The headers of a connection from `peer`, and ours if that is a proxy that is believed.

    A header that comes twice says nothing: one of them is not the proxy's.
    """
    kept = [(name, value) for name, value in headers if name.lower() != CARRIER.encode()]
    try:
        listed = people()
    except RingfenceError:
        return kept  # the session says what is wrong with the file
    proxy = listed.proxy if listed else None
    if proxy is None or not proxy.trusts(peer):
        return kept
    said = _only(kept, proxy.header)
    if not said:
        return kept
    groups = _only(kept, proxy.groups_header) if proxy.groups_header else ""
    named = [group for one in groups.split(",") if (group := one.strip())]
    value = quote(json.dumps({"sign_in": said, "groups": named}))
    return [*kept, (CARRIER.encode(), value.encode())]


def carried(value: str) -> tuple[str, list[str]]:
    """What stands in our header: as whom somebody is signed in, and their groups."""
    content: dict[str, Any] = json.loads(unquote(value))
    return content["sign_in"], content["groups"]


def _only(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    values = [value for one, value in headers if one.lower() == name.lower().encode()]
    return values[0].decode("utf-8", "replace").strip() if len(values) == 1 else ""
