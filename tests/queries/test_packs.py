"""Packs are refused for every fault with file, key and remedy; the house's own keep the law."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from queries.catalogue import features
from queries.pack_rules import check_entry, check_predicates, predicate_columns
from queries.packs import FOLDER, Pack, PackRefused, from_json, packs, to_json
from queries.vocabulary import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
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


def toy() -> dict[str, Any]:
    """A pack that keeps every rule."""
    return deepcopy(
        {
            "code": "T99_TOY",
            "title": "Toy",
            "summary": "A toy.",
            "entity_types": ["merchant"],
            "policy_clause": "No toys",
            "actions": ["NO_ACTION", "WARN"],
            "clears": ["It is no toy"],
            "recoverable_share": 0.5,
            "review_minutes": 10.0,
            "horizon_days": 7.0,
            "label_delay_days": 3.0,
            "harm_minutes": 0.0,
            "losses": [
                {"entity_type": "merchant", "flow": "gmv_usd", "share": 0.1, "bearer": "buyer"}
            ],
            "playbook": [{"step": "Look", "is_mandatory": True, "evidence": "A look"}],
            "reason_codes": {"T99.R01": {"analyst": "a", "manager": "m", "subject": "s"}},
            "signals": [
                {
                    "code": "T99.S01",
                    "entity_type": "merchant",
                    "predicate": "orders_30d >= 1.0",
                    "severity": 0.5,
                    "text": "t",
                    "reason": "T99.R01",
                }
            ],
        }
    )


def check(entry: dict[str, Any]) -> None:
    """Everything that is looked at when a file is read."""
    check_entry("toy.toml", entry)
    check_predicates("toy.toml", entry["signals"])


def test_the_toy_keeps_every_rule() -> None:
    """What the broken packs below are made from is whole, so each is refused for its own fault."""
    check(toy())


BROKEN: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "unknown key": ("colour", lambda pack: pack.update(colour="red")),
    "missing key": ("harm_minutes", lambda pack: pack.pop("harm_minutes")),
    "wrong type": ("title", lambda pack: pack.update(title=3)),
    "a truth value is no number": ("horizon_days", lambda pack: pack.update(horizon_days=True)),
    "empty text": ("summary", lambda pack: pack.update(summary="  ")),
    "empty list": ("clears", lambda pack: pack.update(clears=[])),
    "a text twice": ("clears", lambda pack: pack.update(clears=["a", "a"])),
    "no signal": ("signals", lambda pack: pack.update(signals=[])),
    "no reason": ("reason_codes", lambda pack: pack.update(reason_codes={})),
    "bad code": ("code", lambda pack: pack.update(code="brushing")),
    "unknown entity type": ("entity_types", lambda pack: pack.update(entity_types=["planet"])),
    "action not on the ladder": ("actions", lambda pack: pack.update(actions=["SHOUT"])),
    "share above one": ("recoverable_share", lambda pack: pack.update(recoverable_share=1.2)),
    "no minutes": ("review_minutes", lambda pack: pack.update(review_minutes=0.0)),
    "negative delay": ("label_delay_days", lambda pack: pack.update(label_delay_days=-1.0)),
    "sure review": ("sensitivity", lambda pack: pack.update(sensitivity=1.5)),
    "severity out of range": (
        "signals 1.severity",
        lambda pack: pack["signals"][0].update(severity=1.1),
    ),
    "severity of nothing": (
        "signals 1.severity",
        lambda pack: pack["signals"][0].update(severity=0),
    ),
    "signal without reason": ("signals 1.reason", lambda pack: pack["signals"][0].pop("reason")),
    "reason without text": (
        "signals 1.reason",
        lambda pack: pack["signals"][0].update(reason="T99.R02"),
    ),
    "audience without text": (
        "reason_codes.T99.R01.subject",
        lambda pack: pack["reason_codes"]["T99.R01"].pop("subject"),
    ),
    "another's code": (
        "signals 1.code",
        lambda pack: pack["signals"][0].update(code="T1.S01_LIGHT_PARCELS"),
    ),
    "signal of another type": (
        "signals 1.entity_type",
        lambda pack: pack["signals"][0].update(entity_type="buyer"),
    ),
    "signal twice": ("signals 2.code", lambda pack: pack["signals"].append(pack["signals"][0])),
    "unknown flow": ("losses 1.flow", lambda pack: pack["losses"][0].update(flow="luck")),
    "unknown bearer": ("losses 1.bearer", lambda pack: pack["losses"][0].update(bearer="nobody")),
    "loss of another type": (
        "losses 1.entity_type",
        lambda pack: pack["losses"][0].update(entity_type="buyer"),
    ),
    "type without loss": ("losses", lambda pack: pack["entity_types"].append("buyer")),
    "nothing mandatory": (
        "playbook",
        lambda pack: pack["playbook"][0].update(is_mandatory=False),
    ),
    "step without evidence": (
        "playbook 1.evidence",
        lambda pack: pack["playbook"][0].update(evidence=""),
    ),
    "unknown column": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(predicate="no_such_column > 1"),
    ),
    "no sentence of SQL": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(predicate="orders_30d >="),
    ),
    "no condition": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(predicate="orders_30d + 1"),
    ),
    "two statements": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(predicate="true); select (true"),
    ),
    "another table": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(
            predicate="orders_30d > (select max(orders_30d) from features.buyer)"
        ),
    ),
    "a file": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(
            predicate="orders_30d > (select count(*) from '/etc/passwd')"
        ),
    ),
    "about nothing": (
        "signals 1.predicate",
        lambda pack: pack["signals"][0].update(predicate="true"),
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_pack_is_refused_with_file_key_and_remedy(fault: str) -> None:
    """Whatever is wrong, the message names the file, the key and what to do."""
    key, breaking = BROKEN[fault]
    entry = toy()
    breaking(entry)
    with pytest.raises(PackRefused) as refused:
        check(entry)
    assert refused.value.file == "toy.toml"
    assert refused.value.key == key
    assert refused.value.remedy
    for part in ("toy.toml", key, "Expected", refused.value.remedy):
        assert part in str(refused.value)


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
        known = features(signal.entity_type)
        columns = predicate_columns(signal.entity_type, signal.predicate)
        assert columns <= known.keys(), signal.code
        assert any(known[name].use == "fraud" for name in columns), signal.code


@pytest.mark.parametrize("pack", HOUSE.values(), ids=HOUSE)
def test_what_a_subject_reads_gives_nothing_away(pack: Pack) -> None:
    """Plain sentences about its own conduct: no inner words, no numbers but those of law."""
    for code, reason in pack.reason_codes.items():
        told = reason.subject.lower()
        assert told.endswith("."), code
        assert not [word for word in INTERNAL if word in told], code
        assert not WINDOW.search(told), code
        assert len({reason.analyst, reason.manager, reason.subject}) == 3, code


@pytest.mark.parametrize(
    "told",
    [
        *("within two days", "paid within a minute", "a five-minute peak", "the first half hour"),
        *("within seconds", "in two weeks", "three days later", "half an hour"),
    ],
)
def test_a_window_in_words_is_seen(told: str) -> None:
    """The rule above knows a rule's window however it is spelled."""
    assert WINDOW.search(told)


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
