"""Which of two processes runs a test."""

from __future__ import annotations

from tests.processes import folder_of, turn


def test_the_browser_comes_first_and_unknown_folders_last() -> None:
    """The longest stretch that one process runs alone is begun at once."""
    ids = ["tests/test_marks.py::one", "tests/dashboard/web/test_page.py::two[a/b]",
           "tests/laws/test_harm.py::three", "tests/browser/test_tour.py::four[x]"]  # fmt: skip
    assert [folder_of(one) for one in ids] == ["", "dashboard", "laws", "browser"]
    assert sorted(ids, key=turn) == [ids[3], ids[2], ids[0], ids[1]]
