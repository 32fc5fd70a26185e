"""The diffs that the pages on how to add something show are lines of the files they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("how-to-add-*.md"))
BLOCK = re.compile(r"^```diff\n(.*?)^```", re.MULTILINE | re.DOTALL)


def added(block: str) -> dict[str, list[str]]:
    """The lines that a diff adds, by file."""
    lines: dict[str, list[str]] = {}
    for line in block.splitlines():
        if line.startswith("+++ b/"):
            lines[line.removeprefix("+++ b/")] = []
        elif line.startswith("+"):
            lines[list(lines)[-1]].append(line.removeprefix("+"))
    return lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_diff_adds_lines_that_are_there(page: Path) -> None:
    """Each added line stands in its file as it is today."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks, f"{page} shows no diff."
    for name, lines in added("\n".join(blocks)).items():
        present = set((ROOT / name).read_text(encoding="utf-8").splitlines())
        assert lines, f"{page} shows nothing of {name}."
        assert [line for line in lines if line not in present] == []
