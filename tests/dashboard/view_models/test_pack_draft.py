"""A pack begun from decisions loads, holds for its subjects, and says what is not yet said."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from dashboard.cases.states import Verdict
from dashboard.view_models.pack_draft import SET, candidates, draft_code, pack_draft
from queries.packs import FOLDER, packs
from queries.vocabulary import NEW_PATTERN
from tests.dashboard.decisions import DECISION
from tests.dashboard.tiny_entities import AS_OF, HOSTILE, OVERRIDE

if TYPE_CHECKING:
    from pathlib import Path

PATTERN = f'Empty "parcels" \\ to one locker {OVERRIDE}'
FOUND = [
    replace(
        DECISION, verdict=Verdict.CONFIRMED, typology=NEW_PATTERN, reason_codes=(PATTERN,),
        action="MONITOR", note=note, entity_id=f"mer_{number}",
    )
    for number, note in enumerate((HOSTILE, "Forty parcels, 'one'\nlocker.\x7f", HOSTILE))
]  # fmt: skip


def profile(**values: tuple[float | None, float, float]) -> pl.DataFrame:
    """Rows of `pages/investigate/contributions`: value, peer median and contribution by feature."""
    rows = [(name, *numbers) for name, numbers in values.items()]
    return pl.DataFrame(rows, ["feature", "value", "peer_median", "contribution"], orient="row")


def test_a_signal_is_proposed_where_every_subject_stands_out() -> None:
    """Above or below all of its peers, as its catalogue says is suspicious, strongest first."""
    shop = profile(
        orders_90d=(61.37, 12.0, 0.9),
        account_age_days=(9.04, 200.0, 0.4),
        gmv_7d_usd=(5.0, 1.0, 2.0),
    )
    other = profile(
        orders_90d=(80.0, 14.0, 0.7),
        account_age_days=(30.0, 200.0, 0.6),
        gmv_7d_usd=(0.5, 1.0, 2.0),
    )
    proposed = candidates("merchant", [shop, other])
    assert [one.predicate for one in proposed] == ["orders_90d >= 61.3", "account_age_days <= 30.0"]
    assert candidates("merchant", []) == ()
    assert candidates("merchant", [shop, profile(nobody_knows=(1.0, 0.0, 1.0))]) == ()


@pytest.mark.parametrize("value", [61.37, 0.0123456, 1.0 / 3.0, 99999.5, 0.3, 1e-9])
def test_a_threshold_leaves_its_subjects_on_their_side(value: float) -> None:
    """Rounding never lets go of the subject that it was read from."""
    (above,) = candidates("merchant", [profile(orders_90d=(value, -1.0, 1.0))])
    (below,) = candidates("merchant", [profile(account_age_days=(value, 1e6, 1.0))])
    assert above.threshold <= value <= below.threshold


def test_a_draft_loads_beside_the_packs_of_the_house(tmp_path: Path) -> None:
    """With names and notes as hostile as they come; nothing that is unsaid opens an alert."""
    proposed = candidates("merchant", [profile(orders_90d=(61.37, 12.0, 0.9))])
    draft = pack_draft(PATTERN, FOUND, proposed, AS_OF)
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "draft.toml").write_text(draft, encoding="utf-8")
    pack = packs(tmp_path)[draft_code(PATTERN)]
    assert pack.entity_types == ("merchant",)
    assert len(pack.reason_codes) == 2
    assert next(iter(pack.reason_codes.values())).analyst == HOSTILE
    assert [signal.predicate for signal in pack.signals] == ["orders_90d >= 61.3"]
    assert sum(signal.severity for signal in pack.signals) < 0.6
    assert all(loss.share == 0.0 for loss in pack.losses)
    assert set(pack.actions) == {"NO_ACTION", "MONITOR"}
    assert all(reason.subject.startswith(SET) for reason in pack.reason_codes.values())


def test_a_draft_without_a_signal_says_what_it_lacks() -> None:
    """Nothing stood out: it is TOML still, and the loader names what is missing."""
    draft = pack_draft("只有一家店的新花样", FOUND, (), AS_OF)
    assert "signals" not in tomllib.loads(draft)
    assert f"{SET}: [[signals]], at least one" in draft
    assert draft_code("只有一家店的新花样").endswith("_NEW_PATTERN")
