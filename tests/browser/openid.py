"""An OpenID provider of this machine: discovery, a page to choose who one is, tokens and keys.

It checks what a provider has to: the client and its secret, the address it leads back to, the
code that is good once, and the proof of who asked for it. Tokens are signed with RS256.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLIENT, SECRET = "ringfence", "what only the client knows"
WRONG_KEY = "Mallory"
"""Who is given a token that another key signed."""


@dataclass
class Provider:
    """One provider: `people` are the claims of each, by the name they choose on its page."""

    people: Mapping[str, Mapping[str, Any]]
    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    forged: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    signed_out: list[str] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        """What `.well-known/openid-configuration` says."""
        ends = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "end_session_endpoint": "leave",
        }
        return {
            "issuer": self.url,
            **{name: f"{self.url}/{path}" for name, path in ends.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def page(self, asked: dict[str, str]) -> str:
        """A link for each person, by which the browser goes back with a code."""
        links = []
        for name in self.people:
            code = secrets.token_hex(16)
            self.codes[code] = {**asked, "name": name}
            back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            links.append(f'<p><a href="{back}">{name}</a></p>')
        return f"<!doctype html><title>Provider</title><h1>Who are you?</h1>{''.join(links)}"

    def token(self, asked: dict[str, str], client: str) -> dict[str, Any] | None:
        """The answer to a code; None where client, code, address or proof is wrong."""
        given = self.codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            given is None
            or client != f"{CLIENT}:{SECRET}"
            or given["redirect_uri"] != asked["redirect_uri"]
            or given["code_challenge"] != proof
        ):
            return None
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": given["nonce"],
            "sub": given["name"],
            **self.people[given["name"]],
        }
        key = self.forged if given["name"] == WRONG_KEY else self.key
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return {"id_token": token, "access_token": "none", "token_type": "Bearer"}


@contextlib.contextmanager
def provider(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Provider]:
    """A provider on a free port of this machine, until the block ends."""
    made = Provider(people)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self._send(json.dumps(made.metadata()), "application/json")
            elif parts.path == "/keys":
                keys = KeySet([made.key]).as_dict(private=False)
                self._send(json.dumps(keys), "application/json")
            elif parts.path == "/authorize" and asked["client_id"] == CLIENT:
                self._send(made.page(asked), "text/html")
            elif parts.path == "/leave":
                made.signed_out.append(asked["client_id"])
                self.send_response(302)
                self.send_header("Location", asked["post_logout_redirect_uri"])
                self.end_headers()
            else:
                self.send_response(204)
                self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            _, _, packed = self.headers.get("Authorization", "").partition(" ")
            answer = made.token(asked, base64.b64decode(packed).decode())
            if answer is None:
                self.send_response(400)
                self.end_headers()
            else:
                self._send(json.dumps(answer), "application/json")

        def _send(self, body: str, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
