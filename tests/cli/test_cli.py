"""The command line reads well, and whatever goes wrong is a sentence with a remedy."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from typer.main import get_command

from dashboard import cli
from queries.contract import raw_tables
from tests import raw_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.build import Report

COMMANDS = ("generate", "check", "build", "serve", "tour", "demo")
GROUP: Any = get_command(cli.app)


class Said:
    """What one command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out = code, out
        self.err = " ".join(err.split())


@pytest.fixture
def ringfence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """`ringfence(*arguments)` runs the program in this process, in a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")

    ours = signal.getsignal(signal.SIGINT)

    def run(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["ringfence", *map(str, arguments)])
        try:
            cli.main()
            code: Any = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            signal.signal(signal.SIGINT, ours)
        return Said(code, *capsys.readouterr())

    return run


def refused(said: Said, *words: str) -> bool:
    """One paragraph on the error stream, no traceback, a code that scripts notice."""
    assert said.code == 1
    assert "Traceback" not in said.err
    assert said.err.count(".") >= 1
    return all(word in said.err for word in words)


# ---------------------------------------------------------------- help


def test_the_commands_are_those_of_the_house() -> None:
    """Six commands, in the order in which a newcomer needs them."""
    assert tuple(GROUP.commands) == COMMANDS


def test_help_names_every_command(ringfence: Callable[..., Said]) -> None:
    """`ringfence --help` says what the program is for and lists each command with a sentence."""
    said = ringfence("--help")
    assert said.code == 0
    assert "Find, understand and stop" in said.out
    for name in COMMANDS:
        assert re.search(rf"^ +{name} +[A-Z].+\.$", said.out, re.MULTILINE), name


def test_no_command_is_a_request_for_help(ringfence: Callable[..., Said]) -> None:
    """Typing the bare name shows the commands instead of an error without words."""
    said = ringfence()
    assert "Commands:" in said.out + said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_a_sentence(name: str, ringfence: Callable[..., Said]) -> None:
    """A capital letter, a full stop, and nothing that only a programmer would understand."""
    said = ringfence(name, "--help")
    assert said.code == 0
    command = GROUP.commands[name]
    told = [command.help, *(getattr(one, "help", None) for one in command.params)]
    assert len(told) >= 2
    for sentence in told:
        assert sentence
        assert re.fullmatch(r"[A-Z][^\n]*\.", sentence.strip()), sentence
    for one in command.params:
        assert max(one.opts, key=len).lstrip("-") in said.out


# ---------------------------------------------------------------- errors


def test_checking_a_missing_folder(ringfence: Callable[..., Said], tmp_path: Path) -> None:
    """It names the folder and how to get one."""
    said = ringfence("check", tmp_path / "nowhere")
    assert refused(said, "No folder at", "nowhere", "ringfence generate --out DIR")


def test_checking_a_faulty_folder_names_every_fault(
    ringfence: Callable[..., Said], tmp_path: Path
) -> None:
    """File, column, rows and remedy of each fault, then how many there were."""
    tables = raw_folder.frames()
    tables["orders"] = tables["orders"].with_columns(pl.lit(-5).alias("paid_minor"))
    tables["buyers"] = tables["buyers"].drop("market")
    said = ringfence("check", raw_folder.write(tmp_path / "raw", tables))
    assert refused(said, "orders.parquet, paid_minor: 3 rows: negative money", "Deliver")
    assert refused(said, "buyers.parquet, market: column is missing", "Add it")
    assert refused(said, "faults in", "Mend the files above")


def test_a_sound_folder_passes(ringfence: Callable[..., Said], small_world: Path) -> None:
    """The sample marketplace keeps its own contract."""
    said = ringfence("check", small_world)
    assert said.code == 0
    assert f"{len(raw_tables())} tables keep the contract" in said.out
    assert said.err == ""


def test_building_from_a_faulty_folder(ringfence: Callable[..., Said], tmp_path: Path) -> None:
    """It says what is wrong, how to look again, and leaves no database."""
    tables = raw_folder.frames()
    tables["orders"] = tables["orders"].drop("ip_id")
    data = raw_folder.write(tmp_path / "raw", tables)
    said = ringfence("build", "--data", data, "--out", tmp_path / "out")
    assert refused(said, "ip_id: column is missing", f"ringfence check {data}")
    assert not list((tmp_path / "out").glob("*.duckdb"))


def test_building_from_nowhere(ringfence: Callable[..., Said], tmp_path: Path) -> None:
    """A missing folder of raw tables is named, with the command that makes one."""
    said = ringfence("build", "--data", tmp_path / "none", "--out", tmp_path / "out")
    assert refused(said, "No folder at", "ringfence generate --out DIR")


def test_building_with_scores_that_are_not_there(
    ringfence: Callable[..., Said], tmp_path: Path
) -> None:
    """A folder without scores is refused before an hour's work, with the file it lacks."""
    raw = raw_folder.write(tmp_path / "raw", raw_folder.frames())
    said = ringfence("build", "--data", raw, "--out", tmp_path / "out", "--scores", tmp_path)
    assert said.code == 1
    assert f"There is no {tmp_path / 'scores.parquet'}" in said.err
    assert "or build without --scores" in said.err
    assert not (tmp_path / "out").exists()


def test_serving_without_a_database(ringfence: Callable[..., Said], tmp_path: Path) -> None:
    """It names the file it looked for and the command that makes it."""
    said = ringfence("serve", "--build", tmp_path)
    assert refused(said, "No database at", "ringfence.duckdb", "ringfence build --data DIR")


def test_generating_over_somebody_elses_files(
    ringfence: Callable[..., Said], tmp_path: Path
) -> None:
    """A folder with a foreign file is refused and left as it was."""
    precious = tmp_path / "thesis.tex"
    precious.write_text("Chapter 1", encoding="utf-8")
    said = ringfence("generate", "--out", tmp_path, "--orders", "5000")
    assert refused(said, "thesis.tex", "Choose an empty or new folder")
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
    arguments: tuple[str, ...], words: tuple[str, ...], ringfence: Callable[..., Said]
) -> None:
    """A wrong option, command or value is named, and where to read about it."""
    said = ringfence(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err
    assert "--help" in said.err
    for word in words:
        assert word in said.err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use(
    command: str, ringfence: Callable[..., Said], built: Report, tmp_path: Path
) -> None:
    """It is said before anything is generated, built or started."""
    folder = {"serve": ("--build", built.database.parent), "demo": ("--out", tmp_path)}[command]
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        said = ringfence(command, *folder, "--port", port)
    assert refused(said, f"Cannot listen on 127.0.0.1:{port}", "--port 8502")
    assert not list(tmp_path.iterdir())


def test_an_up_to_date_database_is_said_to_be(
    ringfence: Callable[..., Said], built: Report, small_world: Path
) -> None:
    """Building the same again ends at once and says so."""
    said = ringfence("build", "--data", small_world, "--out", built.database.parent)
    assert said.code == 0
    assert "is up to date" in said.out


@pytest.mark.parametrize("command", ["generate", "build"])
def test_a_folder_that_cannot_be_made(
    command: str, ringfence: Callable[..., Said], small_world: Path, tmp_path: Path
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


@pytest.mark.parametrize("stage", ["staging", "features", "scores"])
def test_ctrl_c_ends_a_build_with_a_sentence(stage: str, small_world: Path, tmp_path: Path) -> None:
    """Interrupted in SQL or in Python, it says so, leaves the shell's code and no traceback."""
    code = (
        "import sys\n"
        "from dashboard import cli\n"
        "show = cli._shower\n"
        "def loud(progress):\n"
        "    told = show(progress)\n"
        "    return lambda stage, *rest: (print(stage, flush=True), told(stage, *rest))[1]\n"
        "cli._shower = loud\n"
        "sys.argv[1:] = ['build', '--data', sys.argv[1], '--out', sys.argv[2]]\n"
        "cli.main()\n"
    )
    command = [sys.executable, "-c", code, str(small_world), str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout is not None
        next(line for line in child.stdout if line.strip() == stage)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
    assert child.returncode == 130, err[-2000:]
    assert "Stopped. What was finished is kept" in " ".join(err.split())
    assert "Traceback" not in err
