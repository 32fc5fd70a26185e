"""Who may see and do what: role and market scope. The roles are data: `roles.toml`.

Every write of the casebook, every read of the store and every export asks `require`; every
read that can be narrowed to markets takes them from `Viewer`. A page hidden from navigation is
not access control: the check stands where the data is touched.

Who the viewer is, a session says where there are some (`dashboard.people.session`, which is
told to `identify_by`); a command takes the person of the environment.
"""

from __future__ import annotations

import os
import secrets
import tomllib
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.errors import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME_VARIABLE = "RINGFENCE_USER"
ROLE_VARIABLE = "RINGFENCE_ROLE"
MARKETS_VARIABLE = "RINGFENCE_MARKETS"
MASK_KEY_VARIABLE = "RINGFENCE_MASK_KEY"
DEFAULT_ROLE = "analyst"

_ROLES = Path(__file__).with_name("roles.toml")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
"""Categories of characters that a name may hold without anybody seeing them."""
_SPELLINGS = 4096
"""Names whose spelling is kept: each read asks who reads, and each line of a log who wrote it."""


@dataclass(frozen=True)
class Role:
    """What somebody is employed for, and what it includes."""

    name: str
    label: str
    may: frozenset[str]


@cache
def roles() -> dict[str, Role]:
    """Every role by name, in the order of the file; ValueError for an unlisted permission."""
    content = tomllib.loads(_ROLES.read_text(encoding="utf-8"))
    made = {
        name: Role(name, one["label"], frozenset(one["may"]))
        for name, one in content["roles"].items()
    }
    strange = {each for role in made.values() for each in role.may} - set(content["permissions"])
    if strange:
        raise ValueError(f"{_ROLES.name}: no permission is called {', '.join(sorted(strange))}")
    return made


@cache
def permissions() -> dict[str, str]:
    """What each permission allows, in a few words, by name."""
    content = tomllib.loads(_ROLES.read_text(encoding="utf-8"))
    return dict(content["permissions"])


@cache
def pages() -> dict[str, tuple[str, ...]]:
    """The permissions of which each page asks for one, by the page's address."""
    content = tomllib.loads(_ROLES.read_text(encoding="utf-8"))
    needs = content["pages"].items()
    return {page: tuple([one] if isinstance(one, str) else one) for page, one in needs}


@dataclass(frozen=True)
class Viewer:
    """The person behind a session. `markets` empty = every market."""

    name: str
    role: str = DEFAULT_ROLE
    markets: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """One spelling of the name, whatever was typed."""
        object.__setattr__(self, "name", person_name(self.name))

    def may(self, action: str) -> bool:
        """Whether the role includes `action`."""
        role = roles().get(self.role)
        return role is not None and action in role.may

    def sees(self, market: str | None) -> bool:
        """Whether the market scope includes `market`."""
        return not self.markets or market in self.markets


def viewer() -> Viewer:
    """The current viewer; an unknown role may do nothing.

    Raises AccessDenied where nobody is signed in, or nobody who is listed.
    """
    return _ACTING.get() or _IDENTIFY[-1]()


def of_environment() -> Viewer:
    """The person that the environment names.

    Raises AccessDenied where a scope is set that names no market: it is no scope of all.
    """
    role = os.environ.get(ROLE_VARIABLE) or DEFAULT_ROLE
    scope = os.environ.get(MARKETS_VARIABLE) or ""
    markets = frozenset(one.strip().upper() for one in scope.split(",") if one.strip())
    if scope and not markets:
        raise AccessDenied(
            f"{MARKETS_VARIABLE} is set, and names no market.",
            "Name the markets, such as ID,MY, or unset it for all of them.",
        )
    return Viewer(os.environ.get(NAME_VARIABLE) or "analyst", role, markets)


_ACTING: ContextVar[Viewer | None] = ContextVar("acting", default=None)
_IDENTIFY: list[Callable[[], Viewer]] = [of_environment]


def identify_by(source: Callable[[], Viewer]) -> None:
    """Let `source` say from now on who the viewer is, in this whole process."""
    _IDENTIFY[:] = [source]


@contextmanager
def acting_as(who: Viewer) -> Iterator[None]:
    """Let `who` be the viewer inside: for what a session asked for and another thread does."""
    token = _ACTING.set(who)
    try:
        yield
    finally:
        _ACTING.reset(token)


@lru_cache(maxsize=_SPELLINGS)
def person_name(text: str) -> str:
    """A name in one spelling: composed, without invisible characters, single spaces."""
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    visible = (one for one in spaced if unicodedata.category(one) not in _INVISIBLE)
    return " ".join("".join(visible).split())


def is_same_person(name: str, other: str) -> bool:
    """Whether two names are one person's, however they are typed."""
    return person_name(name).casefold() == person_name(other).casefold()


def require(who: Viewer, action: str) -> None:
    """Return if `who` may do `action`; raise AccessDenied with a sentence otherwise."""
    if not who.may(action):
        raise denial(action, who.role)


def denial(action: str, role: str = "") -> AccessDenied:
    """What is said to somebody whose role, if it is named, lacks a permission, and whom to ask."""
    if role and role not in roles():
        lacks = permissions().get(action, action)
        return AccessDenied(
            f"Your role, {role}, may not {lacks}: there is no such role.",
            f"Name one of {', '.join(roles())}, where people are listed or in {ROLE_VARIABLE}.",
        )
    label = roles()[role].label if role else ""
    holders = [one.label for one in roles().values() if action in one.may]
    return AccessDenied(
        f"Your role{f', {label},' if label else ''} may not {permissions().get(action, action)}.",
        f"Ask somebody whose role may: {', '.join(holders)}." if holders else "No role may.",
    )


def may_open(who: Viewer, page: str) -> bool:
    """Whether the role of `who` includes the page; one that the file does not list is nobody's."""
    return who.may("view") and any(who.may(one) for one in pages().get(page, ()))


def require_page(who: Viewer, page: str) -> None:
    """Return if `who` may open `page`; raise AccessDenied with a sentence otherwise."""
    require(who, "view")
    if not may_open(who, page):
        require(who, pages().get(page, (page,))[0])


@cache
def mask_key() -> str:
    """The secret of this process's masks: 32 hexadecimal digits, of `RINGFENCE_MASK_KEY` or drawn.

    Several processes that serve one address need one key, or a mask means another thing in each.
    """
    secret = os.environ.get(MASK_KEY_VARIABLE)
    return sha256(secret.encode()).hexdigest()[:32] if secret else secrets.token_hex(16)
