"""docs/configuration.md and the code say the same: each variable, command, option and default."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from dashboard import access, places
from dashboard.cli import app
from queries.packs import FOLDER, folder_of
from tests.sources import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
PACKAGES = ("dashboard", "pipeline", "queries", "sample_data")
VARIABLE = re.compile(r"\b(?:RINGFENCE_[A-Z_]+|FORWARDED_ALLOW_IPS)\b")
ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| (.*) \|$", re.MULTILINE)


def section(title: str) -> str:
    """The text under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/configuration.md has no section {title!r}."
    return found[1]


def variables() -> dict[str, str]:
    """Documented environment variables and their defaults."""
    return {name: default for name, default, _ in ROW.findall(section("Environment variables"))}


def sources() -> Iterator[tuple[Path, str]]:
    """Every Python file of the program with its text."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def is_environ(node: ast.AST) -> bool:
    """Whether the expression is `os.environ`."""
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ"


def keys(tree: ast.AST) -> Iterator[ast.expr]:
    """What the environment is asked for: in brackets, by `get`, or by `os.getenv`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_environ(node.value):
            yield node.slice
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, called = node.func.value, node.func.attr
            if (is_environ(owner) and called in {"get", "pop", "setdefault"}) or (
                called == "getenv" and ast.unparse(owner) == "os"
            ):
                yield node.args[0]


def constants(tree: ast.Module) -> dict[str, str]:
    """Texts that a module gives a name to."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def asked_of_the_environment() -> set[str]:
    """Names of every variable that the program reads, whoever's it is."""
    names: set[str] = set()
    trees = {path: tree(path) for path, _ in sources()}
    shared = {name: text for one in trees.values() for name, text in constants(one).items()}
    for path, module in trees.items():
        own = shared | constants(module)
        for key in keys(module):
            name = key.value if isinstance(key, ast.Constant) else own.get(ast.unparse(key))
            assert isinstance(name, str), f"{path}: {ast.unparse(key)} is no name this test reads."
            names.add(name)
    return names


def commands() -> dict[str, Any]:
    """The commands of `ringfence` by name, those of a group by both names."""
    group: Any = typer.main.get_command(app)
    return {
        f"{name} {own}".strip(): each
        for name, command in group.commands.items()
        for own, each in getattr(command, "commands", {"": command}).items()
    }


def spelling(param: Any) -> tuple[str, str]:
    """An option as the page has it: its name, and its default in words."""
    if param.param_type_name == "argument":
        return param.name.upper(), "required"
    if param.default is False:
        return param.opts[0], "off"
    return param.opts[0], "none" if param.default is None else f"`{param.default}`"


def test_every_variable_of_the_program_is_documented() -> None:
    """Each one it reads is on the page, and each one on the page is read."""
    assert asked_of_the_environment() == set(variables())


def test_no_sentence_names_a_variable_that_is_not_there() -> None:
    """Messages, docstrings and the page speak only of documented variables."""
    named = {name for _, text in sources() for name in VARIABLE.findall(text)}
    assert named | set(VARIABLE.findall(PAGE)) == set(variables())


def test_defaults_of_variables_are_those_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set, the program does what the page says."""
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    defaults, viewer = variables(), access.viewer()
    assert defaults["RINGFENCE_DATABASE"] == f"`{places.DEFAULT_DATABASE}`"
    assert places.database_path() == places.DEFAULT_DATABASE.absolute()
    beside = places.database_path().with_name("casebook.sqlite")
    assert defaults["RINGFENCE_CASEBOOK_URL"] == f"`{beside.name}` beside the database"
    assert places.casebook_url() == f"sqlite:///{beside}"
    assert defaults["RINGFENCE_AUDIT_FOLDER"] == f"`{places.DEFAULT_AUDIT_FOLDER}`"
    assert places.audit_folder() == places.DEFAULT_AUDIT_FOLDER.expanduser()
    assert defaults["RINGFENCE_USER"] == f"`{viewer.name}`"
    assert defaults["RINGFENCE_ROLE"] == f"`{viewer.role}`"
    assert defaults["RINGFENCE_MARKETS"] == "every market"
    assert viewer.sees("anywhere")
    assert defaults["RINGFENCE_PACKS"] == f"`{FOLDER.relative_to(ROOT)}/`"
    assert folder_of("") == FOLDER


def test_every_role_is_documented() -> None:
    """The row of the role names each one there is."""
    row = next(line for line in PAGE.splitlines() if line.startswith("| `RINGFENCE_ROLE`"))
    assert set(access.roles()) <= set(re.findall(r"`(\w+)`", row))


def test_every_command_has_its_section() -> None:
    """And no section is about a command that is gone."""
    assert set(re.findall(r"^### ringfence (.+)$", PAGE, re.MULTILINE)) == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_command_and_its_options_are_as_documented(name: str) -> None:
    """Its sentence, each option, in its order, with its default; `--help` is everybody's."""
    command, text = commands()[name], section(f"ringfence {name}")
    assert command.help in text.strip()
    options = [spelling(param) for param in command.params if "--help" not in param.opts]
    assert [(option, default) for option, default, _ in ROW.findall(text)] == options
