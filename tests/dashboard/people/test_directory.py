"""The file of people: who is let in as whom, and what refuses the whole file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dashboard.access import Viewer
from dashboard.errors import AccessDenied, SignInRefused
from dashboard.people.directory import people

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.people.directory import People

FILE = """
[[people]]
name = "Lea Tan"
sign_in = ["lea@example.com", "lea"]
role = "approver"
markets = ["id", "MY"]

[[people]]
name = "Bo"
sign_in = "bo@example.com"
role = "admin"

[[groups]]
group = "risk-analysts"
role = "analyst"
markets = ["SG"]
"""


def listed(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> People:
    """The people of a file that is named by the environment."""
    path = folder / "people.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("RINGFENCE_PEOPLE", str(path))
    made = people()
    assert made is not None
    return made


def test_a_person_is_who_the_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By any of their sign-ins, whatever its capitals; no markets = every market."""
    made = listed(tmp_path, monkeypatch, FILE)
    lea = Viewer("Lea Tan", "approver", frozenset({"ID", "MY"}))
    assert made.viewer("LEA@example.com", []) == made.viewer("lea", ["risk-analysts"]) == lea
    assert made.viewer("bo@example.com", []) == Viewer("Bo", "admin")


def test_a_group_lets_in_whom_no_line_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under what they sign in as, which no two people share, and never under a listed name."""
    made = listed(tmp_path, monkeypatch, FILE)
    who = made.viewer("kim@example.com", ["others", "risk-analysts"])
    assert who == Viewer("kim@example.com", "analyst", frozenset({"SG"}))
    for name in ("Lea Tan", "lea\u200b tan ", "LEA  TAN"):
        with pytest.raises(AccessDenied, match="not one of the people"):
            made.viewer(name, ["risk-analysts"])


@pytest.mark.parametrize(
    "stranger", ["eve@example.com", "", "lea@example.com.evil", "ｌea@example.com", "le\u200ba"]
)
def test_a_stranger_is_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stranger: str
) -> None:
    """Also one whose address looks like somebody's: the provider says the letters, not we."""
    with pytest.raises(AccessDenied, match="not one of the people"):
        listed(tmp_path, monkeypatch, FILE).viewer(stranger, ["risk", "admin"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[[people]]\nname = "A"\nsign_in = "a"\nrole = "lead"', "'lead' is no role"),
        ('[[people]]\nname = "A"\nsign_in = "a"\nrole = "qa"\nmarkets = []', "markets"),
        ('[[people]]\nname = "A"\nsign_in = []\nrole = "qa"', "sign_in"),
        ('[[people]]\nname = "A"\nrole = "qa"', "sign_in"),
        ('[[people]]\nname = "A"\nsign_in = "a"\nrole = "qa"\nmarket = ["ID"]', "market"),
        (FILE + '[[people]]\nname = " BO"\nsign_in = "x"\nrole = "qa"', "name"),
        (FILE + '[[people]]\nname = "BO\u200b"\nsign_in = "x"\nrole = "qa"', "the name 'bo'"),
        (FILE + '[[people]]\nname = "C"\nsign_in = "LEA"\nrole = "qa"', "the sign_in 'lea'"),
        ('[proxy]\nheader = "X-User"', "addresses"),
        ('[proxy]\nheader = "X-User"\naddresses = []', "addresses"),
        ('[proxy]\nheader = "X-User"\naddresses = ["proxy.example.com"]', "neither an address"),
        ('[proxy]\nheader = "X"\naddresses = ["::1"]\nsign_out = "//evil.com"', "sign_out"),
        ("[[people]\n", "no TOML"),
        ("", ""),
    ],
)
def test_a_file_that_breaks_a_rule_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fault: str
) -> None:
    """The sentence names the key; an empty file is one without people, and refuses nobody else."""
    if not text:
        assert listed(tmp_path, monkeypatch, text).people == []
        return
    with pytest.raises(SignInRefused, match="refused") as refusal:
        listed(tmp_path, monkeypatch, text)
    assert fault in refusal.value.message


def test_a_change_of_the_file_counts_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is taken out is out with the next question; so is everybody without the file."""
    assert listed(tmp_path, monkeypatch, FILE).viewer("bo@example.com", []).role == "admin"
    path = tmp_path / "people.toml"
    changed = listed(tmp_path, monkeypatch, FILE.replace('"admin"', '"viewer"'))
    os.utime(path, ns=(1, 1))
    assert changed.viewer("bo@example.com", []).role == "viewer"
    path.unlink()
    with pytest.raises(SignInRefused, match="cannot be read"):
        people()


def test_the_house_has_no_people_unless_a_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the variable there is a demo."""
    monkeypatch.delenv("RINGFENCE_PEOPLE", raising=False)
    assert people() is None
