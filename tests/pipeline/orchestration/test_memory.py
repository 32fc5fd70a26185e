"""A build uses what its container gives, not what the host has."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import BuildError
from pipeline.orchestration.memory import GB, MB, Budget, machine_memory, parsed, said

if TYPE_CHECKING:
    from pathlib import Path

PHYSICAL = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
UNLIMITED = "9223372036854771712"


def groups(tmp_path: Path, membership: str, **limits: str) -> int:
    """The memory of a process with these groups; `limits` by file, `/` written as `__`."""
    for name, text in limits.items():
        path = tmp_path / "cgroup" / name.replace("__", "/").replace("-", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="ascii")
    (tmp_path / "membership").write_text(membership, encoding="utf-8")
    return machine_memory(tmp_path / "membership", tmp_path / "cgroup")


def test_version_2_the_least_of_all_groups_around_it(tmp_path: Path) -> None:
    """A pod's limit holds for its containers, `max` is no limit."""
    limits = {
        "pods__memory-max": str(300 * MB),
        "pods__one__memory-max": "max",
        "pods__one__memory-high": str(400 * MB),
    }
    assert groups(tmp_path, "0::/pods/one\n", **limits) == 300 * MB
    assert groups(tmp_path, "0::/elsewhere\n") == PHYSICAL


def test_version_2_seen_from_inside_a_container(tmp_path: Path) -> None:
    """The path is the host's and not there; the mount is the container's own group."""
    limits = {"memory-max": str(500 * MB)}
    assert groups(tmp_path, "0::/kubepods/pod7/c1\n", **limits) == 500 * MB


def test_version_1(tmp_path: Path) -> None:
    """The controller may share its line with others; an absurd number is no limit."""
    line = "7:cpu,memory:/docker/c1\n3:cpuset:/\n0::/\n"
    limits = {
        "memory__docker__c1__memory-limit_in_bytes": str(200 * MB),
        "memory__memory-limit_in_bytes": UNLIMITED,
    }
    assert groups(tmp_path, line, **limits) == 200 * MB
    assert groups(tmp_path, "7:cpu:/docker/c1\n", **limits) == PHYSICAL


def test_without_control_groups_the_machine_is_the_limit(tmp_path: Path) -> None:
    """Another system, or garbage where a number should be."""
    assert machine_memory(tmp_path / "none", tmp_path) == PHYSICAL
    assert groups(tmp_path, "no such line\n") == PHYSICAL
    assert groups(tmp_path, "0::/\n", **{"memory-max": "much"}) == PHYSICAL


@pytest.mark.parametrize("whole", [GB // 2, 1 * GB, 2 * GB, 3 * GB, 16 * GB, 512 * GB])
def test_the_database_leaves_room_for_python(whole: int) -> None:
    """And gives back more of it once models are fitted; it always has a thread."""
    budget = Budget(whole)
    assert budget.beside_models <= budget.database <= whole / 2
    assert 1 <= budget.threads <= (os.cpu_count() or 1)


@pytest.mark.parametrize(
    ("text", "size"),
    [("4GB", 4 * GB), ("800 MB", 800 * MB), ("1.5g", 1500 * MB), ("3GiB", 3 * 2**30)],
)
def test_amounts_as_people_write_them(text: str, size: int) -> None:
    """With a unit, whatever its case."""
    assert parsed(text) == size


@pytest.mark.parametrize("text", ["", "4", "much", "GB", "-", "4 GB RAM"])
def test_what_is_no_amount_is_said(text: str) -> None:
    """With the text, and how to write one."""
    with pytest.raises(BuildError, match=r"no amount of memory.*as in 4GB"):
        parsed(text)


def test_more_than_there_is_and_too_little_are_refused() -> None:
    """Both say what there is; without a wish it is all of it."""
    for asked in (10 * MB, PHYSICAL + GB):
        with pytest.raises(BuildError, match=r"Between 500 MB and the .* GB"):
            Budget.of(asked)
    assert Budget.of(None).whole == machine_memory()
    assert said(1_500_000_000) == "1.5 GB"
