"""What is asked of the graph behind a picture, by names that a viewer may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dashboard.access import ROLE_VARIABLE, mask_key
from dashboard.components import graph_questions
from dashboard.places import DATABASE_VARIABLE
from queries.contract import CONTRACT_VERSION
from queries.personal_data import mask_of
from tests.dashboard.harness import mask
from tests.queries.graph_stores import small_graph

if TYPE_CHECKING:
    from pathlib import Path

DEVICE = f"device:{mask_of('d0', 'device', mask_key())}"
NAMED = """
    create table graph.entities as
    select
        split_part(node, ':', 1) as entity_type,
        split_part(node, ':', 2) as entity_id,
        'Shop of ' || node as name,
        'SG' as market
    from graph.nodes where node_type in ('buyer', 'merchant', 'product');
    create schema alerts;
    create table alerts.probabilities as
    select 'buyer' as entity_type, 'c0' as entity_id, 0.9 as probability, 'HIGH' as score_band;
    create schema meta;
"""
BUILD = f"""
    create table meta.build as select
        {CONTRACT_VERSION} as contract_version, date '2026-06-01' as as_of,
        '0' as ringfence_version, 'x' as data_fingerprint, 1 as order_count
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph with names, as a file."""
    path = tmp_path_factory.mktemp("graph") / "built.duckdb"
    with small_graph.database(str(path)) as con:
        con.execute(NAMED)
        con.execute(BUILD)
    return path


@pytest.fixture(autouse=True)
def _served(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, str(built))


def test_a_path_can_be_drawn_and_read() -> None:
    """Nodes in the order walked, named, with a line each to the next."""
    answer = graph_questions.path_between("buyer:c0", "buyer:c1")
    assert answer.nodes["node_key"].to_list() == ["buyer:c0", DEVICE, "buyer:c1"]
    assert answer.nodes["name"].to_list()[0] == mask("Shop of buyer:c0")
    assert answer.nodes["score"].to_list() == [0.9, None, None]
    assert answer.edges.select("src", "dst").rows() == [
        ("buyer:c0", DEVICE),
        (DEVICE, "buyer:c1"),
    ]
    assert answer.sentence == "2 links apart."


def test_no_path_is_an_answer_too() -> None:
    """Frames keep their columns, so that nothing has to be asked twice."""
    answer = graph_questions.path_between("buyer:c0", "buyer:nobody")
    assert answer.nodes.is_empty()
    assert answer.edges.schema == graph_questions.EDGE


@pytest.mark.parametrize("role", ["approver", "analyst"])
def test_an_identifier_is_masked_for_everybody(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    """The name of a shared thing is its mask, and a buyer has one too."""
    monkeypatch.setenv(ROLE_VARIABLE, role)
    key = f"ip:{mask_of('office', 'ip', mask_key())}"
    named = graph_questions.named_nodes([key, "buyer:c0"])
    assert named["name"].to_list() == [mask("office", "ip"), mask("Shop of buyer:c0")]
