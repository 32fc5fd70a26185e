"""Whatever goes wrong is a sentence with a remedy, and a code that scripts notice."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests import raw_folder
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.build import Report
    from tests.dashboard.cli.program import Result

BUILD_IN_CHILD = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from dashboard import cli
from dashboard.cli import building
data, out, held = sys.argv[1:]
quiet = building.stage_bars
def loud(progress):
    show = quiet(progress)
    def wait(stage, *rest):
        os.write(1, (stage + chr(10)).encode())
        if stage == held:
            sys.stdin.readline()
        show(stage, *rest)
    return wait
building.stage_bars = loud
sys.argv[1:] = ["build", "--data", data, "--out", out]
cli.main()
"""
"""Goes on with a stage only when it is told to, so that it is not over before it is stopped.

One write a line: stages run side by side, and `print` writes a line and its end apart.
Tests that run under nohup ignore what a closed terminal says, and a child would too.
"""


def refused(result: Result, *words: str) -> bool:
    """One paragraph on the error stream, no traceback, a code that scripts notice."""
    assert result.code == 1
    assert "Traceback" not in result.err
    assert result.err.count(".") >= 1
    return all(word in result.err for word in words)


def test_checking_a_missing_folder(ringfence: Callable[..., Result], tmp_path: Path) -> None:
    """It names the folder and how to get one."""
    result = ringfence("check", tmp_path / "nowhere")
    assert refused(result, "No folder at", "nowhere", "ringfence generate --out DIR")


def test_checking_a_faulty_folder_names_every_fault(
    ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """File, column, rows and remedy of each fault, then how many there were."""
    tables = raw_folder.frames()
    tables["orders"] = tables["orders"].with_columns(pl.lit(-5).alias("paid_minor"))
    tables["buyers"] = tables["buyers"].drop("buyer_id")
    result = ringfence("check", raw_folder.write(tmp_path / "raw", tables))
    assert refused(result, "orders.parquet, paid_minor: 3 rows: negative money", "Deliver")
    assert refused(result, "buyers.parquet, buyer_id: column is missing", "Add it")
    assert refused(result, "faults in", "Mend the files above")


def test_building_from_a_faulty_folder(ringfence: Callable[..., Result], tmp_path: Path) -> None:
    """It says what is wrong, how to look again, and leaves no database."""
    tables = raw_folder.frames()
    tables["orders"] = tables["orders"].drop("product_id")
    data = raw_folder.write(tmp_path / "raw", tables)
    result = ringfence("build", "--data", data, "--out", tmp_path / "out")
    assert refused(result, "product_id: column is missing", f"ringfence check {data}")
    assert not list((tmp_path / "out").glob("*.duckdb"))


def test_building_from_nowhere(ringfence: Callable[..., Result], tmp_path: Path) -> None:
    """A missing folder of raw tables is named, with the command that makes one."""
    result = ringfence("build", "--data", tmp_path / "none", "--out", tmp_path / "out")
    assert refused(result, "No folder at", "ringfence generate --out DIR")


def test_building_with_scores_that_are_not_there(
    ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """A folder without scores is refused before an hour's work, with the file it lacks."""
    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    result = ringfence("build", "--data", raw, "--out", tmp_path / "out", "--scores", tmp_path)
    assert result.code == 1
    assert f"There is no {tmp_path / 'scores.parquet'}" in result.err
    assert "or build without --scores" in result.err
    assert not (tmp_path / "out").exists()


def test_generating_over_somebody_elses_files(
    ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """A folder with a foreign file is refused and left as it was."""
    precious = tmp_path / "thesis.tex"
    precious.write_text("Chapter 1", encoding="utf-8")
    result = ringfence("generate", "--out", tmp_path, "--orders", "5000")
    assert refused(result, "thesis.tex", "Choose an empty or new folder")
    assert precious.read_text(encoding="utf-8") == "Chapter 1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--nope"), ("No such option", "--nope")),
        (("frobnicate",), ("No such command", "frobnicate")),
        (("check",), ("Missing argument",)),
        (("generate", "--orders", "10"), ("--orders", "5000")),
        (("generate", "--days", "many"), ("--days", "integer")),
        (("serve", "--port", "99999"), ("--port", "65535")),
    ],
)
def test_a_slip_of_the_pen(
    arguments: tuple[str, ...], words: tuple[str, ...], ringfence: Callable[..., Result]
) -> None:
    """A wrong option, command or value is named, and where to read about it."""
    result = ringfence(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert "--help" in result.err
    for word in words:
        assert word in result.err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use(
    command: str, ringfence: Callable[..., Result], built: Report, tmp_path: Path
) -> None:
    """It is result before anything is generated, built or started."""
    folder = {"serve": ("--build", built.database.parent), "demo": ("--out", tmp_path)}[command]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = ringfence(command, *folder, "--port", port)
    assert refused(result, f"Cannot listen on 127.0.0.1:{port}", "--port 8502")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["generate", "build"])
def test_a_folder_that_cannot_be_made(
    command: str, ringfence: Callable[..., Result], small_world: Path, tmp_path: Path
) -> None:
    """Writing below a file is refused with a sentence that names it."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    target = ("--out", tmp_path / "file" / "below")
    rest = ("--data", small_world) if command == "build" else ("--orders", "5000")
    assert refused(ringfence(command, *target, *rest), "file")


def test_the_installed_program_says_the_same() -> None:
    """The console script ends with the sentence alone and exit code 1."""
    program = Path(sys.executable).with_name("ringfence")
    done = subprocess.run(
        [program, "check", "no such folder"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("No folder at no such folder.")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("stage", "number", "words"),
    [
        ("staging", signal.SIGINT, "Stopped. What was finished is kept"),
        ("features", signal.SIGTERM, "Ended by the signal SIGTERM, as kill, a service or a time"),
        ("scores", signal.SIGHUP, "Ended by the signal SIGHUP: the terminal was closed. What was"),
    ],
)
def test_a_signal_ends_a_build_with_a_sentence(
    stage: str, number: signal.Signals, words: str, plain: Path, tmp_path: Path
) -> None:
    """In SQL or in Python, it says which, leaves the shell's code, no traceback, no half file."""
    command = [sys.executable, "-c", BUILD_IN_CHILD, str(plain), str(tmp_path), stage]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout is not None
        next(line for line in child.stdout if line.strip() == stage)
        child.send_signal(number)
        _, err = child.communicate("go on\n", timeout=PATIENCE_SECONDS)
    assert child.returncode == 128 + number, err[-2000:]
    assert words in " ".join(err.split())
    assert "killed" not in err
    assert "Traceback" not in err
    assert not list(tmp_path.glob("*.next*"))


def test_serving_without_a_database(ringfence: Callable[..., Result], tmp_path: Path) -> None:
    """It names the file it looked for and the command that makes it."""
    result = ringfence("serve", "--build", tmp_path)
    assert refused(result, "No database at", "ringfence.duckdb", "ringfence build --data DIR")
