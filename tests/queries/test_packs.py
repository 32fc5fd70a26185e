"""A folder of packs is read whole or refused by file; the house's own keep the law."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from queries.catalogue import features
from queries.packs import FOLDER, Pack, PackRefused, from_json, packs, to_json
from queries.predicates import predicate_columns
from queries.vocabulary import ACTIONS

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = packs(FOLDER)
INTERNAL = (
    *("score", "model", "signal", "threshold", "feature", "_", "usd", "percent", "%"),
    *("connected", "accounts that", "other", "were closed", "removed before", "we ", "please"),
)
"""Words that would tell a subject how it was found, whom it is seen with or what to think."""
_NUMBER = "an?|half|one|two|three|four|five|six|seven|ten|twelve|fifteen|thirty|few|[0-9]+"
WINDOW = re.compile(rf"\b(within|{_NUMBER})( an?)?[ -](second|minute|hour|day|week|month)s?\b")
"""A rule's window in words: whoever reads it knows how long to wait."""
FOREIGN = {
    "buyer": ("your shop", "your listing", "your room", "your link", "you promoted"),
    "merchant": ("your room", "your link", "you promoted"),
    "product": ("your room", "your link", "you promoted", "your account"),
    "creator": ("your shop", "your listing"),
    "live_session": ("your shop", "your listing", "you promoted"),
}
"""What somebody of a type has not got, so no sentence to it may speak of it."""


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    """The file is named and the parser's own words are passed on."""
    (tmp_path / "t1.toml").write_text("code = ", encoding="utf-8")
    with pytest.raises(PackRefused, match=r"t1\.toml.*not TOML"):
        packs(tmp_path)


def test_two_packs_cannot_share_a_code(tmp_path: Path) -> None:
    """The second file is refused and the first is named."""
    text = (FOLDER / "t5_fake_fulfilment.toml").read_text(encoding="utf-8")
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(PackRefused, match=r"b\.toml.*T5_FAKE_FULFILMENT is in a\.toml"):
        packs(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A wrong setting is not taken for an empty folder."""
    with pytest.raises(PackRefused, match="no such folder"):
        packs(tmp_path / "nowhere")


def test_an_environment_variable_names_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any pack there is none, and nothing falls back to the house's."""
    monkeypatch.setenv("RINGFENCE_PACKS", str(tmp_path))
    assert packs() == {}


def test_every_typology_of_the_field_has_a_pack() -> None:
    """T1 to T15, one each."""
    heads = {code.partition("_")[0] for code in HOUSE}
    assert heads == {f"T{number}" for number in range(1, 16)}


@pytest.mark.parametrize("pack", HOUSE.values(), ids=HOUSE)
def test_a_pack_survives_being_stored(pack: Pack) -> None:
    """What a database keeps of a pack is the pack."""
    assert from_json([to_json(pack)]) == {pack.code: pack}


@pytest.mark.parametrize("pack", HOUSE.values(), ids=HOUSE)
def test_no_signal_rests_on_quality_alone(pack: Pack) -> None:
    """An honest shop that serves badly gets no fraud signal: a feature of fraud takes part."""
    for signal in pack.signals:
        catalogue = features(signal.entity_type)
        columns = predicate_columns(signal.entity_type, signal.predicate)
        assert columns <= catalogue.keys(), signal.code
        assert any(catalogue[name].use == "fraud" for name in columns), signal.code


@pytest.mark.parametrize("pack", HOUSE.values(), ids=HOUSE)
def test_what_a_subject_reads_gives_nothing_away(pack: Pack) -> None:
    """Plain sentences about its own conduct: no inner words, no numbers but those of law."""
    for code, reason in pack.reason_codes.items():
        sentence = reason.subject.lower()
        assert sentence.endswith("."), code
        assert not [word for word in INTERNAL if word in sentence], code
        assert not WINDOW.search(sentence), code
        assert len({reason.analyst, reason.manager, reason.subject}) == 3, code


@pytest.mark.parametrize(
    "sentence",
    [
        *("within two days", "paid within a minute", "a five-minute peak", "the first half hour"),
        *("within seconds", "in two weeks", "three days later", "half an hour"),
    ],
)
def test_a_window_in_words_is_seen(sentence: str) -> None:
    """The rule above knows a rule's window however it is spelled."""
    assert WINDOW.search(sentence)


@pytest.mark.parametrize("pack", HOUSE.values(), ids=HOUSE)
def test_a_subject_is_told_of_its_own_kind(pack: Pack) -> None:
    """A buyer has no link or shop, a creator no listing: a signal raises what is true of it."""
    wrong = [
        (signal.code, words)
        for signal in pack.signals
        for words in FOREIGN[signal.entity_type]
        if words in pack.reason_codes[signal.reason].subject.lower()
    ]
    assert wrong == []


def test_every_reason_is_raised_or_for_people_alone() -> None:
    """Most reasons are raised by a signal; no pack lacks one that is."""
    for pack in HOUSE.values():
        raised = {signal.reason for signal in pack.signals}
        assert raised <= pack.reason_codes.keys()
        assert raised


def test_actions_of_the_house_are_on_the_ladder() -> None:
    """Doing nothing is always offered, and a victim is never punished."""
    for pack in HOUSE.values():
        assert set(pack.actions) <= set(ACTIONS)
        assert "NO_ACTION" in pack.actions
    takeover = HOUSE["T8_ACCOUNT_TAKEOVER"].actions
    assert not {"WARN", "POINTS_DEDUCT", "ACCOUNT_SUSPEND", "ACCOUNT_CLOSE"} & set(takeover)


def test_files_are_read_as_they_are_written() -> None:
    """Every file of the folder is a pack: none is skipped."""
    codes = {
        tomllib.loads(path.read_text(encoding="utf-8"))["code"] for path in FOLDER.glob("*.toml")
    }
    assert codes == HOUSE.keys()
