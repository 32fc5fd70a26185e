"""Texts of the tiny database that hold words of a lexicon, some hostile, and vectors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.dashboard.tiny_entities import DAYS, HOSTILE, at

OFFER = f"{HOSTILE} pa\u200by me direct, not here"
ADDRESS = "ola@b.example.com"
WARNING = f"do not pay me direct, tell {ADDRESS}"
_WORDS = ("pa\u200by me direct", "pay me direct")


def parts() -> tuple[dict[str, list[dict[str, Any]]], ...]:
    """Rows by `schema.table`."""
    return ({"content.passages": _passages(), "staging.entity_embedding": _vectors()},)


def _vectors() -> list[dict[str, Any]]:
    """Of three shops by one model, and by another of one that nobody is compared with."""
    rows = [
        ("mer_1", "clip", [1.0, 0.0]),
        ("mer_2", "clip", [0.8, 0.6]),
        ("mer_3", "clip", [0.0, 1.0]),
        ("mer_3", "words", [1.0, 0.0]),
    ]
    return [
        {
            "entity_type": "merchant",
            "entity_id": entity_id,
            "model": model,
            "version": "1",
            "vector": vector,
        }
        for entity_id, model, vector in rows
    ]


def _passages() -> list[dict[str, Any]]:
    """Nine offers of one account in a room, and a warning of another that is newer."""
    rows = [_passage(number, OFFER, "buy_1") for number in range(9)]
    warning = _passage(9, WARNING, "buy_2")
    return [*rows, {**warning, "mention": "warning", "cue": "do not"}]


def _passage(number: int, body: str, buyer: str) -> dict[str, Any]:
    start = min(place for place in map(body.find, _WORDS) if place >= 0)
    words = next(one for one in _WORDS if body.startswith(one, start))
    return {
        "source": "comment",
        "row_id": f"cmt_{number}",
        "written_at": at(DAYS[10]) + timedelta(minutes=number),
        "merchant_id": "mer_1",
        "product_id": None,
        "creator_id": "crt_1",
        "live_session_id": "liv_1",
        "buyer_id": buyer,
        "body": body,
        "typology": "T14_SCAM_LIVE",
        "lexicon": "T14.L01_OFF_PLATFORM",
        "clause": "Payment or contact outside the platform",
        "span_start": start,
        "span_end": start + len(words),
        "mention": None,
        "cue": None,
    }
