"""What is kept between test runs is used only while it is whole; two runs make it once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.folder_cache import CONTENT, KEPT, LISTING, FolderCache

ROOT = Path(__file__).parents[1]
FILL_IN_CHILD = """
import sys
from pathlib import Path
from tests.folder_cache import FolderCache
def make(target):
    print("making", flush=True)
    sys.stdin.readline()
    target.mkdir()
    (target / "rows").write_text("made by a child")
print("ready", flush=True)
print(FolderCache(Path(sys.argv[1])).fill("key", Path(sys.argv[2]), make), flush=True)
"""


@pytest.fixture
def folders(tmp_path: Path) -> FolderCache:
    """An empty cache."""
    return FolderCache(tmp_path / "cache")


def write(target: Path) -> None:
    """A folder with a file in a folder."""
    (target / "truth").mkdir(parents=True)
    (target / "rows").write_text("seven rows", encoding="utf-8")
    (target / "truth" / "rows").write_text("two rows", encoding="utf-8")


def fail(_: Path) -> None:
    """A maker that must not be called, or that breaks."""
    raise AssertionError


def contents(folder: Path) -> dict[str, str]:
    """Every file and its text."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_what_is_kept_is_not_made_again(folders: FolderCache, tmp_path: Path) -> None:
    """The second run has the same files and calls nobody."""
    assert not folders.fill("key", tmp_path / "first", write)
    assert folders.fill("key", tmp_path / "second", fail)
    assert contents(tmp_path / "second") == contents(tmp_path / "first")
    assert contents(tmp_path / "second") == {"rows": "seven rows", "truth/rows": "two rows"}


def test_another_key_is_made(folders: FolderCache, tmp_path: Path) -> None:
    """A changed source never gets what an old one made."""
    folders.fill("key", tmp_path / "first", write)
    assert not folders.fill("other", tmp_path / "second", write)


def test_what_a_test_writes_reaches_nobody(folders: FolderCache, tmp_path: Path) -> None:
    """Neither the run that made an entry nor one that copied it can change it."""
    for name in ("maker", "user"):
        folders.fill("key", tmp_path / name, write)
        (tmp_path / name / "rows").write_text("spoilt", encoding="utf-8")
        (tmp_path / name / "truth" / "rows").unlink()
    assert folders.fill("key", tmp_path / "next", fail)
    assert contents(tmp_path / "next") == {"rows": "seven rows", "truth/rows": "two rows"}


@pytest.mark.parametrize("damage", ["changed", "shortened", "missing", "added", "unlisted"])
def test_a_damaged_entry_is_made_anew(damage: str, folders: FolderCache, tmp_path: Path) -> None:
    """One byte, one file too few or too many, or no listing: it is not used, and is mended."""
    folders.fill("key", tmp_path / "first", write)
    content = folders.root / "key" / CONTENT
    if damage == "changed":
        (content / "rows").write_text("seven rowz", encoding="utf-8")
    elif damage == "shortened":
        (content / "rows").write_text("seven", encoding="utf-8")
    elif damage == "missing":
        (content / "truth" / "rows").unlink()
    elif damage == "added":
        (content / "more").touch()
    else:
        (folders.root / "key" / LISTING).unlink()
    assert not folders.fill("key", tmp_path / "second", write)
    assert contents(tmp_path / "second") == contents(tmp_path / "first")
    assert folders.fill("key", tmp_path / "third", fail)


def test_a_broken_maker_keeps_nothing(folders: FolderCache, tmp_path: Path) -> None:
    """Its error is the test's, and the next run begins anew."""

    def half(target: Path) -> None:
        write(target)
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        folders.fill("key", tmp_path / "first", half)
    assert not folders.fill("key", tmp_path / "second", write)


def test_a_run_killed_while_it_keeps_leaves_no_entry(folders: FolderCache, tmp_path: Path) -> None:
    """What lies beside, half written, is nobody's and in nobody's way."""
    write(folders.root / ".next" / CONTENT)
    assert not folders.fill("key", tmp_path / "first", write)
    assert folders.fill("key", tmp_path / "second", fail)
    assert {path.name for path in folders.root.iterdir()} == {".lock", "key"}


def test_two_runs_at_once_make_it_once(folders: FolderCache, tmp_path: Path) -> None:
    """The second waits for the first and takes what that one made."""
    with child(folders, tmp_path / "one") as first:
        says(first, "ready", "making")
        with child(folders, tmp_path / "two") as second:
            says(second, "ready")
            assert first.communicate("go on\n")[0] == "False\n"
            assert second.communicate("")[0] == "True\n"
    assert contents(tmp_path / "two") == {"rows": "made by a child"}


def test_a_killed_run_holds_no_lock(folders: FolderCache, tmp_path: Path) -> None:
    """Killed while it made something, it is in nobody's way."""
    with child(folders, tmp_path / "one") as killed:
        says(killed, "ready", "making")
        killed.kill()
    assert not folders.fill("key", tmp_path / "two", write)


def child(folders: FolderCache, target: Path) -> subprocess.Popen[str]:
    """Another run that fills `target`; it makes the entry when it is told to go on."""
    command = [sys.executable, "-c", FILL_IN_CHILD, str(folders.root), str(target)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)


def says(process: subprocess.Popen[str], *lines: str) -> None:
    """Wait for its next lines."""
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in lines] == [f"{line}\n" for line in lines]


def test_what_was_not_used_for_longest_goes(folders: FolderCache, tmp_path: Path) -> None:
    """No more than `KEPT` entries stay, and one that was used lately is among them."""
    for number in range(KEPT):
        folders.fill(f"key-{number}", tmp_path / f"made-{number}", write)
    assert folders.fill("key-0", tmp_path / "used", fail)
    folders.fill("newest", tmp_path / "newest", write)
    kept = {path.name for path in folders.root.iterdir()} - {".lock"}
    assert kept == {"newest", "key-0", *(f"key-{number}" for number in range(2, KEPT))}
