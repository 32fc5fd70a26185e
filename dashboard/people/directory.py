"""The file of people: who may sign in, with which role, and for which markets.

It is read again whenever it changes, so that a person who is taken out, or whose role is another
now, is another with their next click. What breaks a rule refuses the whole file: then nobody
sees anything, rather than somebody too much.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dashboard.access import Viewer, is_same_person, person_name, roles
from dashboard.errors import AccessDenied, SignInRefused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pydantic_core import ErrorDetails

PEOPLE_VARIABLE = "RINGFENCE_PEOPLE"
_LONGEST_DAYS = 24.0 * 30.0


def _role(name: Any) -> Any:
    if name not in roles():
        raise ValueError(f"{name!r} is no role: {', '.join(roles())}")
    return name


def _network(text: Any) -> Any:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError(f"{text!r} is neither an address nor a network") from None


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Role = Annotated[str, BeforeValidator(_role)]
Subject = Annotated[str, Field(pattern=r"^[a-z_]+:\S+$")]
Markets = Annotated[list[Text], Field(min_length=1)]


class _Table(BaseModel):
    """A table of the file: no key that is not declared, no type that is not meant."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Claims(_Table):
    """Which claims of a token say who somebody is, and for how long that holds."""

    claim: Text = "email"
    groups: Text = "groups"
    hours: Annotated[float, Field(gt=0.0, le=_LONGEST_DAYS)] = 12.0


class Proxy(_Table):
    """The header in which a proxy says who somebody is, and the proxies that are believed."""

    header: Text
    addresses: Annotated[list[Annotated[str, BeforeValidator(_network)]], Field(min_length=1)]
    groups_header: Text | None = None
    sign_out: Annotated[str, Field(pattern=r"^/[^/\\]")] | None = None

    def trusts(self, peer: str) -> bool:
        """Whether the other end of a connection is one of these proxies."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        # A socket for both kinds of addresses says an IPv4 one as `::ffff:10.0.0.1`.
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in ipaddress.ip_network(one) for one in self.addresses)


class Person(_Table):
    """Somebody by name. No `markets` = every market.

    `subjects` are their own accounts on the marketplace, by key: the auditor is told when they
    look at these, or at whom these share a thing with.
    """

    name: Text
    sign_in: Annotated[list[Text], BeforeValidator(_several), Field(min_length=1)]
    role: Role
    markets: Markets | None = None
    subjects: list[Subject] = []


class Group(_Table):
    """Whoever the sign-in says is in a group, under what they sign in as."""

    group: Text
    role: Role
    markets: Markets | None = None


class People(_Table):
    """The whole file."""

    sign_in: Claims = Claims()
    proxy: Proxy | None = None
    people: list[Person] = []
    groups: list[Group] = []

    def viewer(self, sign_in: str, groups: Collection[str]) -> Viewer:
        """Who signs in as `sign_in`, in these groups; raises AccessDenied for a stranger.

        A person who is listed is what the list says, whatever their groups are.
        """
        for one in self.people:
            if _folded(sign_in) in {_folded(each) for each in one.sign_in}:
                return _viewer(one.name, one)
        taken = any(is_same_person(one.name, sign_in) for one in self.people)
        for group in self.groups:
            if group.group in groups and not taken and person_name(sign_in):
                return _viewer(sign_in, group)
        raise AccessDenied(
            f"You are signed in as {sign_in!r}, who is not one of the people of Ringfence.",
            "Ask whoever runs it to add you to its file of people.",
        )

    def markets_of(self, name: str) -> frozenset[str] | None:
        """The markets of somebody who is listed by name; None = all of them, or not listed."""
        for one in self.people:
            if is_same_person(one.name, name):
                return _viewer(one.name, one).markets or None
        return None


def _viewer(name: str, one: Person | Group) -> Viewer:
    markets = (market.upper() for market in one.markets or ())
    return Viewer(name, one.role, frozenset(markets))


def _folded(text: str) -> str:
    """Capitals make no other mailbox; any other spelling is another."""
    return text.strip().casefold()


def people_path() -> Path | None:
    """Where the file of people lies; None = nobody named one."""
    name = os.environ.get(PEOPLE_VARIABLE)
    return Path(name).absolute() if name else None


def people() -> People | None:
    """The people of the file; None where none is named. Raises SignInRefused with the fault."""
    path = people_path()
    if path is None:
        return None
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from error


@lru_cache(maxsize=4)
def _read(path: Path, modified_ns: int, size: int) -> People:
    del modified_ns, size  # the cache key: another content, other people
    try:
        made = People.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise _refused(path, "; ".join(_fault(one) for one in error.errors()[:3])) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(path, f"is no TOML ({error})") from error
    for what, twice in (
        ("name", _twice(person_name(one.name).casefold() for one in made.people)),
        ("sign_in", _twice(_folded(each) for one in made.people for each in one.sign_in)),
    ):
        if twice:
            raise _refused(path, f"two people have the {what} {twice!r}")
    return made


def _twice(names: Iterable[str]) -> str:
    return next((name for name, times in Counter(names).items() if times > 1), "")


def _fault(error: ErrorDetails) -> str:
    place = ".".join(str(one) for one in error["loc"])
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"


def _refused(path: Path, fault: str) -> SignInRefused:
    return SignInRefused(
        f"The file of people {path.name} is refused: {fault}.",
        "Mend it (docs/sign-in.md shows one); until then nobody may see anything.",
    )
