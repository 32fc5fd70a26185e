"""Messages and answers are signed with a key that both sides hold: HMAC-SHA256 over the body.

The body is signed as the text that it is, never made anew from what was read, so that a receiver
in any language signs the same bytes.
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256

from dashboard.errors import OutboxError

ALGORITHM = "HMAC-SHA256"
SHORTEST_KEY = 32
"""Bytes of a key: as many as the digest has."""


def signature(body: str, key: bytes) -> str:
    """The signature of a body, as hexadecimal digits."""
    return hmac.new(key, body.encode(), sha256).hexdigest()


def envelope(body: str, key: bytes) -> str:
    """A signed body as one JSON text: `algorithm`, `body` (a text) and `signature`."""
    content = {"algorithm": ALGORITHM, "body": body, "signature": signature(body, key)}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def opened(text: str, key: bytes) -> str:
    """The body of an envelope; raises OutboxError where it is none, or not signed with `key`."""
    try:
        content = json.loads(text)
        body, said = content["body"], content["signature"]
    except (ValueError, TypeError, KeyError) as error:
        raise OutboxError(
            f"This is no signed message ({type(error).__name__}).",
            "It is JSON with algorithm, body and signature: docs/outbox.md.",
        ) from error
    if not isinstance(body, str) or not isinstance(said, str):
        raise OutboxError("Body and signature are texts.", "See docs/outbox.md.")
    if not hmac.compare_digest(signature(body, key).encode(), said.encode()):
        raise OutboxError(
            "The signature does not fit the body.", "Sign it with the key of this outbox."
        )
    return body
