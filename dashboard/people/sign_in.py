"""Which sign-ins are configured, and whether the server may listen where it is told to.

Three ways to be somebody, in this order: OpenID Connect, a header of a trusted proxy, and where
neither is configured and nobody but this machine can come, the persons of the demo. What is half
configured lets nobody in.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dashboard.errors import SignInRefused
from dashboard.people.directory import PEOPLE_VARIABLE, people, people_path

if TYPE_CHECKING:
    from collections.abc import Iterable

SECRETS_VARIABLE = "RINGFENCE_SECRETS"
UNNAMED = "default"
"""What Streamlit calls the provider that stands in `[auth]` itself."""
SHORTEST_SECRET = 32
"""Characters of a cookie secret: whoever guesses it signs in as anybody."""
_SETUP = "docs/sign-in.md says how"


@dataclass(frozen=True)
class SignIn:
    """The sign-ins of a server: OpenID providers by name, and whether a proxy says who comes."""

    providers: tuple[str, ...] = ()
    has_proxy: bool = False

    @property
    def is_there(self) -> bool:
        """Whether anybody can sign in; otherwise it is a demo."""
        return bool(self.providers) or self.has_proxy


def secrets_path() -> Path:
    """Where the `[auth]` of OpenID Connect is read from."""
    named = os.environ.get(SECRETS_VARIABLE)
    return Path(named).absolute() if named else Path.home() / ".streamlit" / "secrets.toml"


def auth_section() -> Mapping[str, Any]:
    """`[auth]` of the file of secrets; empty where there is none."""
    path = secrets_path()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if os.environ.get(SECRETS_VARIABLE):
            raise SignInRefused(
                f"There is no file {path.name} that {SECRETS_VARIABLE} names.",
                "Name one that is there, or unset it.",
            ) from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SignInRefused(
            f"The file of secrets {path.name} cannot be read.", "Mend it, or take it away."
        ) from error
    section = content.get("auth", {})
    return section if isinstance(section, Mapping) else {"": section}


def sign_in_of(auth: Mapping[str, Any]) -> SignIn:
    """What `auth` and the file of people configure; SignInRefused where that is half of it."""
    listed = people()
    providers = tuple(_providers(auth)) if auth else ()
    has_proxy = listed is not None and listed.proxy is not None
    if auth:
        _check_auth(auth, providers)
    if listed is None and providers:
        raise SignInRefused(
            "People can sign in here, but no file says who may do what.",
            f"Name one in {PEOPLE_VARIABLE}; {_SETUP}.",
        )
    if listed is not None and not providers and not has_proxy:
        path = people_path()
        raise SignInRefused(
            f"{path.name if path else PEOPLE_VARIABLE} lists people, but nobody can sign in.",
            f"Configure OpenID Connect or a proxy's header; {_SETUP}. Or unset "
            f"{PEOPLE_VARIABLE} for a demo on this machine.",
        )
    return SignIn(providers, has_proxy)


def _providers(auth: Mapping[str, Any]) -> Iterable[str]:
    if "client_id" in auth:
        yield UNNAMED
    yield from (
        name for name, one in auth.items() if isinstance(one, Mapping) and "client_id" in one
    )


def _check_auth(auth: Mapping[str, Any], providers: Iterable[str]) -> None:
    lacks = [name for name in ("redirect_uri", "cookie_secret") if not auth.get(name)]
    if not providers:
        lacks.append("client_id")
    if lacks:
        raise SignInRefused(
            f"[auth] in the file of secrets lacks {', '.join(lacks)}.", f"Add it; {_SETUP}."
        )
    if len(str(auth["cookie_secret"])) < SHORTEST_SECRET:
        raise SignInRefused(
            f"The cookie_secret in [auth] is shorter than {SHORTEST_SECRET} characters.",
            "Make one: python -c 'import secrets; print(secrets.token_hex(32))'",
        )


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches an address."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def refuse_open(sign_in: SignIn, host: str, origins: Iterable[str]) -> None:
    """Raise SignInRefused where others could come and nobody would have to sign in.

    `host` is where it listens (empty = everywhere), `origins` are the sites it is served as.
    """
    places = [host or "every address", *(urlsplit(one).hostname or one for one in origins)]
    others = [place for place in places if not is_loopback(place)]
    if others and not sign_in.is_there:
        raise SignInRefused(
            f"Served at {others[0]}, everybody who finds it would be whoever they choose.",
            f"Configure a sign-in; {_SETUP}. Or serve it for this machine only: --host 127.0.0.1",
        )
