"""A pack is refused for every fault with file, key and remedy."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from queries.pack_models import Pack, PackRefused
from queries.packs import check_predicates
from queries.toml_models import validate

if TYPE_CHECKING:
    from collections.abc import Callable


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
            "harms": [
                {
                    "entity_types": ["merchant"],
                    "kind": "rank",
                    "event": "fake_order",
                    "price_usd": 2.0,
                    "low_usd": 1.0,
                    "high_usd": 8.0,
                    "is_undone": True,
                    "source": "s",
                }
            ],
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
    check_predicates("toy.toml", validate(Pack, entry, "toy.toml", refusal=PackRefused))


def test_the_toy_keeps_every_rule() -> None:
    """What the broken packs below are made from is whole, so each is refused for its own fault."""
    check(toy())


BROKEN: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "unknown key": ("colour", lambda pack: pack.update(colour="red")),
    "missing key": ("horizon_days", lambda pack: pack.pop("horizon_days")),
    "price out of its range": (
        "harms 1.price_usd",
        lambda pack: pack["harms"][0].update(price_usd=9.0),
    ),
    "harm of a stranger": (
        "harms 1.entity_types",
        lambda pack: pack["harms"][0].update(entity_types=["buyer"]),
    ),
    "harm nobody counts": ("harms 1.event", lambda pack: pack["harms"][0].update(event="sneeze")),
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


def test_a_victim_is_protected_only() -> None:
    """A pack whose subject is the victim offers nothing that takes from it."""
    entry = toy() | {"subject_is": "victim"}
    with pytest.raises(PackRefused, match="WARN takes something from a victim"):
        check(entry)
    check(entry | {"actions": ["NO_ACTION", "SECURE_ACCOUNT", "ORDER_CANCEL"]})


@pytest.mark.parametrize(
    ("counts", "fault"),
    [
        ({"unseen_fires": 5}, "one of both counts is missing"),
        ({"unseen_bad": 5}, "one of both counts is missing"),
        ({"unseen_fires": 5, "unseen_bad": 6}, "it is 6"),
    ],
)
def test_what_was_counted_is_counted_whole(counts: dict[str, int], fault: str) -> None:
    """A signal that was right says of how many, and no oftener than it held."""
    entry = toy()
    entry["signals"][0] |= counts
    with pytest.raises(PackRefused, match=fault):
        check(entry)
