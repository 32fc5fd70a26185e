"""The commands read well, and each says what it did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from dashboard import cli
from dashboard.cli.deliveries import TOLERATE, input_settings
from pipeline.build import Order
from pipeline.settings.inputs import InputSettings
from queries.contract import raw_tables
from tests import raw_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.build_cache import BuildCache
    from tests.dashboard.cli.program import Result

COMMANDS = (
    *("generate", "init", "check", "build", "embed", "advance"),
    *("serve", "draw-reviews", "doctor", "tour", "demo", "watch", "report"),
    *("statements", "appeals", "outbox", "audit", "casebook"),
)

GROUP: Any = get_command(cli.app)


def paths(group: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command below a group, as it is typed; a group of commands is one of them."""
    below = [((*above, name), command) for name, command in group.commands.items()]
    deeper = [paths(command, path) for path, command in below if hasattr(command, "commands")]
    return [path for path, _ in below] + [path for some in deeper for path in some]


UNDELIVERED = ("placeholders", "display_currency", "sequence_score", "entity_embedding")
"""Tables of a marketplace's own habits and models, of which the sample has none."""


def test_the_commands_are_those_of_the_house() -> None:
    """The commands, in the order in which a newcomer needs them."""
    assert tuple(GROUP.commands) == COMMANDS


def test_help_names_every_command(ringfence: Callable[..., Result]) -> None:
    """`ringfence --help` says what the program is for and lists each command with a sentence."""
    result = ringfence("--help")
    assert result.code == 0
    assert "Find, understand and stop" in result.out
    for name in COMMANDS:
        assert re.search(rf"^ +{name} +[A-Z].+\.$", result.out, re.MULTILINE), name


def test_no_command_is_a_request_for_help(ringfence: Callable[..., Result]) -> None:
    """Typing the bare name shows the commands instead of an error without words."""
    result = ringfence()
    assert "Commands:" in result.out + result.err


@pytest.mark.parametrize("path", paths(GROUP), ids=" ".join)
def test_every_command_and_option_has_a_sentence(
    path: tuple[str, ...], ringfence: Callable[..., Result]
) -> None:
    """A capital letter, a full stop, and nothing that only a programmer would understand."""
    result = ringfence(*path, "--help")
    assert result.code == 0
    command = GROUP
    for name in path:
        command = command.commands[name]
    below = [one.help for one in getattr(command, "commands", {}).values()]
    sentences = [command.help, *below, *(getattr(one, "help", None) for one in command.params)]
    for sentence in sentences:
        assert sentence
        assert re.fullmatch(r"[A-Z][^\n]*\.", sentence.strip()), sentence
    for one in command.params:
        assert max(one.opts, key=len).lstrip("-") in result.out


def test_a_sound_folder_passes(ringfence: Callable[..., Result], small_world: Path) -> None:
    """The sample marketplace keeps its own contract, and lacks nothing but a list of one's own."""
    result = ringfence("check", small_world)
    assert result.code == 0
    delivered = [name for name in raw_tables() if (small_world / f"{name}.parquet").exists()]
    assert set(raw_tables()) - set(delivered) == set(UNDELIVERED)
    assert f"{len(delivered)} tables keep the contract" in result.out
    assert f"4 optional tables not delivered: {', '.join(UNDELIVERED)}." in result.out
    assert result.err == ""


def test_a_folder_with_a_few_faults_passes_and_says_what_would_be_set_aside(
    ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """The faults first, then that a build goes on without these rows; less tolerance refuses."""
    tables = raw_folder.frames(200)
    tables["buyers"] = tables["buyers"].head(199)
    folder = raw_folder.write(tmp_path, tables)
    result = ringfence("check", folder)
    assert result.code == 0
    assert result.err.startswith("Would be set aside:")
    assert "(order_id_199: buyer_id_199)" in result.err
    assert "tables keep the contract. Rows set aside: 1 of orders" in result.out
    assert "The day of the build is 2026-07-01." in result.out
    refused = ringfence("check", folder, "--tolerate", "0%")
    assert refused.code == 1
    assert refused.err.startswith("Nothing can be built with:")
    assert "up to 0.00% may be set aside" in refused.err


@pytest.mark.parametrize("share", ["1", "many%", "-1%", "80%", "1%%", "nan%"])
def test_a_share_that_is_none_is_named(
    share: str, ringfence: Callable[..., Result], tmp_path: Path
) -> None:
    """Whether 1 is one in a hundred or all of it, nobody should have to guess."""
    result = ringfence("check", tmp_path, "--tolerate", share)
    assert result.code == 2
    assert "is no share of a table" in result.err


def test_the_default_share_is_that_of_the_settings() -> None:
    """The option and the field say the same."""
    assert input_settings(None, TOLERATE) == InputSettings()


def test_a_folder_of_the_core_says_what_the_rest_is_for(
    ringfence: Callable[..., Result], small_world: Path, tmp_path: Path
) -> None:
    """Four tables are enough; the others are named, and where it says what each is for."""
    for name in ("merchants", "products", "buyers", "orders"):
        (tmp_path / f"{name}.parquet").symlink_to(small_world / f"{name}.parquet")
    result = ringfence("check", tmp_path)
    assert result.code == 0
    absent = result.out.partition("not delivered: ")[2].partition(". What each")[0].split(", ")
    assert set(absent) == {table.name for table in raw_tables().values() if table.optional}


def test_an_up_to_date_database_is_said_to_be(
    ringfence: Callable[..., Result], plain: Path, build_cache: BuildCache, tmp_path: Path
) -> None:
    """Building the same again ends at once and says so."""
    order = Order(plain, tmp_path / "out")
    build_cache.build(order)
    result = ringfence("build", "--data", plain, "--out", order.out)
    assert result.code == 0
    assert "is up to date" in result.out


def test_days_pass_only_in_a_sample(ringfence: Callable[..., Result], tmp_path: Path) -> None:
    """A folder of one's own data has no days to come; the command says what has."""
    result = ringfence("advance", "--data", str(tmp_path), "--out", str(tmp_path))
    assert result.code == 1
    assert "holds no sample marketplace" in result.err
    assert "ringfence demo" in result.err
