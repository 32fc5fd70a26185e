"""Dimensions and their values in words."""

from __future__ import annotations

from dashboard import text
from dashboard.view_models import words

DIMENSION_WORDS = {
    "market": "Market",
    "category": "Category",
    "channel": "Channel",
    "merchant_tier": "Shop size",
    "buyer_age": "Age of the account",
    "payment_method": "Payment",
    "creator_tier": "Creator",
}
_VALUE_WORDS = {
    "none": "Without creator",
    "new": "New shops",
    "small": "Small shops",
    "medium": "Medium shops",
    "large": "Large shops",
    "guest": "Guests",
    "under_7_days": "Under 7 days",
    "7_to_29_days": "7 to 29 days",
    "30_to_179_days": "30 to 179 days",
    "180_days_or_more": "180 days and more",
    "starter": "Under 1,000 followers",
    "nano": "1,000 to 10,000 followers",
    "micro": "10,000 to 100,000 followers",
    "macro": "100,000 followers and more",
}


def dimension_words(dimension: str) -> str:
    """A dimension in words; one that only a metric of its own has, as it is called."""
    return DIMENSION_WORDS.get(dimension, words.sentence_case(dimension))


def slice_label(value: str) -> str:
    """A value in words: `shop_tab` reads `Shop tab`; markets and categories as they are."""
    if value in _VALUE_WORDS:
        return _VALUE_WORDS[value]
    return text.plain(words.sentence_case(value) if value.islower() else value)
