"""What is installed is what was tried: bounds, versions and hashes say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?: \\)?")


def pins(name: str) -> dict[str, str]:
    """The version of each package that a file names."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {canonicalize_name(package): version for package, version in PIN.findall(text)}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_names_versions_and_hashes_only(name: str) -> None:
    """Every package has a hash, and no address of any registry is written down."""
    text = (ROOT / name).read_text(encoding="utf-8")
    parts = [line.strip() for line in text.splitlines() if line.strip()]
    assert all(HASH.fullmatch(part) or re.match(r"[\w.-]+==\S+ .*\\$", part) for part in parts)
    assert "/" not in text
    assert "@" not in text
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert len(blocks) == len(pins(name))


def test_locks_and_constraints_name_the_same_versions() -> None:
    """`make lock` was run after the last change; the larger lock holds the smaller."""
    constraints, locked, tools = (pins(name) for name in ("constraints.txt", *LOCKS))
    assert tools == constraints
    assert locked.items() <= tools.items()


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *EXTRAS["dev"]])
def test_a_dependency_is_bounded_on_both_sides_around_what_was_tried(text: str) -> None:
    """From a version that works up to the next that may break."""
    requirement = Requirement(text)
    assert {one.operator for one in requirement.specifier} == {">=", "<"}
    assert pins("constraints.txt")[canonicalize_name(requirement.name)] in requirement.specifier


def test_what_a_build_needs_of_setuptools_is_locked_too() -> None:
    """The project itself is installed without asking an index for anything."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes --requirement requirements.lock" in makefile
    assert "--no-deps --no-build-isolation --editable ." in makefile
    assert "setuptools" in pins("requirements.lock")
