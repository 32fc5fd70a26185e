"""A disk, a folder or a machine that gives no more is a sentence, and nothing is left behind."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.publishing.lock import lock_file
from tests import raw_folder
from tests.patience import PATIENCE_SECONDS
from tests.pipeline.publishing.children import BUILD_IN_CHILD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.cli.program import Result

PROGRAM = (sys.executable, "-m", "dashboard.cli")
ROOT = Path(__file__).parents[3]
MOUNTED = "mount -t tmpfs -o size={size} tmpfs {disk} && {program}; echo $?; ls -A {disk}/*"
UNSHARED = ("unshare", "--mount", "--map-root-user", "sh", "-c")


def short_files(*arguments: str | Path, kilobytes: int) -> subprocess.CompletedProcess[str]:
    """The program where no file may grow beyond so much, which anybody may ask for."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def words(text: str) -> str:
    """Without the lines of a terminal."""
    return " ".join(text.split())


def test_a_build_that_cannot_write_on_leaves_what_was_served(
    tiny_world: Path, tmp_path: Path
) -> None:
    """It says what it had written and what is free, and removes it."""
    served = tmp_path / "ringfence.duckdb"
    served.write_text("of another day")
    done = short_files("build", "--data", tiny_world, "--out", tmp_path, kilobytes=4_000)
    said = words(done.stderr)
    assert done.returncode == 1, said
    assert "may not grow any further. The build had written" in said
    assert "are free there now. What was served, 0 MB, is untouched." in said
    assert "ulimit -f" in said
    assert "Traceback" not in said
    assert served.read_text() == "of another day"
    assert {path.name for path in tmp_path.iterdir()} == {served.name, lock_file(tmp_path).name}


def test_a_sample_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Neither half a world nor the complaints of files that were not closed."""
    done = short_files(
        "generate", "--orders", "5000", "--days", "90", "--out", tmp_path / "world", kilobytes=100
    )
    said = words(done.stderr)
    assert done.returncode == 1, said
    assert "may not grow any further. What was begun is removed" in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run([*UNSHARED, "true"], capture_output=True, check=False).returncode != 0,
    reason="this machine lets nobody mount a disk of their own",
)
def test_a_full_disk_is_said_with_what_was_needed_and_free(
    tiny_world: Path, tmp_path: Path
) -> None:
    """On a disk of twelve megabytes; only the lock is left on it."""
    program = f"{' '.join(PROGRAM)} build --data {tiny_world} --out {tmp_path}/out"
    script = MOUNTED.format(size="12m", disk=tmp_path, program=program)
    done = subprocess.run(
        [*UNSHARED, script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    said = words(done.stderr)
    assert "is full. The build had written 1" in said
    assert "MB and needed more; it is removed, 1" in said
    assert "Make room there, or name a folder on another disk." in said
    assert "Traceback" not in said
    assert done.stdout.split() == ["1", lock_file(tmp_path).name]


def test_a_killed_build_is_spoken_for(tiny_world: Path, tmp_path: Path) -> None:
    """The kernel lets nobody say a last word, so another process does, and cleans up."""
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(tiny_world), str(tmp_path), "facts"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout is not None
        assert any(line.strip() == "facts" for line in child.stdout)
        assert list(tmp_path.glob("*.next"))
        child.kill()
        _, said = child.communicate(timeout=PATIENCE_SECONDS)
    assert "The build was killed before it could end" in said
    assert "GB at most" in said
    assert "kill -9" in said
    assert {path.name for path in tmp_path.iterdir()} == {lock_file(tmp_path).name}


@pytest.mark.parametrize("name", [".build.lock", "ringfence.duckdb"])
def test_a_folder_where_a_file_should_be(
    name: str, ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """It is named before any work is done, and left as it is."""
    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    (tmp_path / "out" / name / "precious").mkdir(parents=True)
    result = ringfence("build", "--data", raw, "--out", tmp_path / "out")
    assert result.code == 1
    assert f"{name} is a folder. A file was expected. Move what stands there away" in result.err
    assert (tmp_path / "out" / name / "precious").is_dir()


def test_a_folder_that_may_only_be_read(ringfence: Callable[..., Result], tmp_path: Path) -> None:
    """Whoever may not write there is told so, with the file."""
    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    ours = os.geteuid()
    if ours == 0:
        os.seteuid(65534)  # root may write anywhere
    try:
        result = ringfence("build", "--data", raw, "--out", out)
    finally:
        if ours == 0:
            os.seteuid(ours)
    assert result.code == 1
    assert "You may not use" in result.err
    assert "Change its rights or its owner" in result.err


def test_amounts_of_memory_that_cannot_be_are_refused(
    ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """Before anything is read or written."""
    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    for amount, reason in (("lots", "no amount of memory"), ("9999GB", "this machine")):
        result = ringfence("build", "--data", raw, "--out", tmp_path / "out", "--memory", amount)
        assert result.code == 1
        assert reason in result.err
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    """A proposal cut in the middle would be read as a mapping, and never be written over."""
    source, folder = (
        raw_folder.write(tmp_path / "raw", raw_folder.around("reviews")),
        tmp_path / "m",
    )
    done = short_files("init", folder, "--from", source, kilobytes=1)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []
    (folder / "mapping.toml").write_text("finished by hand")
    short_files("init", folder, "--from", source, "--force", kilobytes=1)
    assert [path.read_text() for path in folder.iterdir()] == ["finished by hand"]
