"""Closed lists that the catalogue, the build, the pages and the casebook share, each once.

A list that stands twice drifts apart, and one of these decides whether a second person must
approve: see `NEUTRAL_ACTIONS`. Whoever needs such a list imports it from here.
"""

from __future__ import annotations

ENTITY_TYPES = ("merchant", "creator", "product", "buyer", "live_session")
SIGNAL_COLUMNS = ("firing_signals", "signal_strength")
"""Columns that the packs add to every feature table: `queries.signal_columns`."""
SCORE_BANDS = ("CRIT", "HIGH", "MED", "LOW")
"""From the highest score to the lowest."""

TEXT_SOURCES = ("title", "live_title", "video_title", "comment", "review", "claim", "complaint")
"""Where people write: titles of a listing, a live room and a video, comments under a live stream,
reviews, what a refund is claimed with, and what buyers report to customer service."""

HARM_KINDS = ("rank", "reviews", "traffic", "buyers", "leak")
"""What a scheme spoils beyond money: a rank or traffic it did not earn, reviews that others read,
people who were misled or had to wait, data that was given away."""
HARM_EVENTS = (
    *("fake_order", "hasty_praise", "copied_review", "harsh_review", "complaint", "scam_call"),
    *("unsent_parcel", "machine_views", "takeover_order", "regret", "order"),
)
"""What harm is counted in: the events of alerts.harm_events."""

NEW_PATTERN = "NEW_PATTERN"
"""The typology of a decision about what no pack describes yet. Its reason is a sentence in place
of codes, and what it teaches bears no typology."""

OWN_APPEAL = "lab_appeal_"
"""Begins the id of a label that an appeal judged in this product made: its source is `appeal`, as
of one that was delivered, yet whoever judged it had the whole record before them."""

BOOSTED, ADDITIVE = "boosted", "additive"
RECIPES = (BOOSTED, ADDITIVE)
"""How a model is learnt: trees of several facts together, or trees of one fact each, whose margin
is a sum of curves, one a feature (Lou, Caruana and Gehrke 2012)."""

NO_ACTION = "NO_ACTION"
MONITOR = "MONITOR"
ALWAYS_OFFERED = (NO_ACTION, MONITOR)
"""What a decision may end in whatever its typology, so the form offers it first. Fewer than the
neutral actions: the rest make sense for some typologies only, and their packs offer them."""
GIVEN_BACK_ACTIONS = ("SECURE_ACCOUNT", "RESTORE_ACCESS")
"""What is done for the owner of an account that was in other hands."""
NEUTRAL_ACTIONS = (*ALWAYS_OFFERED, "STEP_UP_VERIFY", *GIVEN_BACK_ACTIONS)
"""They take nothing from anybody (docs/domain.md, 2.4), so they need no second person and may
follow from any verdict: nothing is done, somebody looks again later, an account proves itself
once more, is protected, or is given back to its owner. Every other action is an enforcement,
which somebody else has to approve."""
VOIDING_ACTIONS = ("ORDER_CANCEL", "SALES_AND_REVIEW_PURGE")
"""They undo what happened. No rung of the ladder, for how severe they are depends on what they
undo; yet they take sales or reviews away, so they are enforcements and not neutral."""
PROTECTIVE_ACTIONS = (*NEUTRAL_ACTIONS, "ORDER_CANCEL")
"""All that a typology whose subject is the victim may offer: they protect whoever holds the
account, and an order that somebody else placed in its name is stopped."""
SUBJECTS = ("suspect", "victim")
"""What the subject of a typology is, if it is as the typology says: who did it, or whom it was
done to."""
ENFORCEMENT_LADDER = (
    *("WARN", "EDUCATE", "POINTS_DEDUCT", "CONTENT_REMOVE", "LISTING_REMOVE", "LISTING_FREEZE"),
    *("CAMPAIGN_AFFILIATE_SUSPEND", "LISTING_BAN", "ORDER_VOLUME_LIMIT", "TRAFFIC_REDUCE"),
    *("COMMISSION_FREEZE", "COMMISSION_DEDUCT", "SETTLEMENT_DEFER", "WITHDRAWAL_HOLD"),
    *("BALANCE_DEDUCT", "INCENTIVE_CLAWBACK", "FEATURE_SUSPEND", "ACCOUNT_SUSPEND"),
    *("ACCOUNT_CLOSE", "REPORT_AUTHORITY"),
)
"""From mild to severe."""
ACTIONS = (*NEUTRAL_ACTIONS, *VOIDING_ACTIONS, *ENFORCEMENT_LADDER)
"""Every action a pack may offer."""
_ACCOUNTS = ("merchant", "creator", "buyer")
_SELLERS = ("merchant", "creator", "live_session")
_EARNERS = ("merchant", "creator")
_GOODS = ("merchant", "product")
ACTION_SUBJECTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ALWAYS_OFFERED, ENTITY_TYPES),
    **dict.fromkeys(("STEP_UP_VERIFY", *GIVEN_BACK_ACTIONS), _ACCOUNTS),
    **dict.fromkeys(VOIDING_ACTIONS, ("merchant", "product", "buyer")),
    **dict.fromkeys(("WARN", "EDUCATE", "FEATURE_SUSPEND"), (*_ACCOUNTS, "live_session")),
    **dict.fromkeys(
        ("POINTS_DEDUCT", "WITHDRAWAL_HOLD", "BALANCE_DEDUCT"), ("merchant", "creator")
    ),
    "CONTENT_REMOVE": ("creator", "live_session"),
    **dict.fromkeys(("LISTING_REMOVE", "LISTING_FREEZE"), _GOODS),
    **dict.fromkeys(("LISTING_BAN", "SETTLEMENT_DEFER"), ("merchant",)),
    **dict.fromkeys(("CAMPAIGN_AFFILIATE_SUSPEND", "INCENTIVE_CLAWBACK"), _ACCOUNTS),
    "ORDER_VOLUME_LIMIT": (*_GOODS, "buyer"),
    "TRAFFIC_REDUCE": (*_SELLERS, "product"),
    **dict.fromkeys(("COMMISSION_FREEZE", "COMMISSION_DEDUCT"), ("creator", "live_session")),
    **dict.fromkeys(("ACCOUNT_SUSPEND", "ACCOUNT_CLOSE", "REPORT_AUTHORITY"), _ACCOUNTS),
}
"""To whom an action can be done (docs/domain.md, 2.4): a listing has no account, a buyer sells
nothing. What is done to a live room is done to its host, for that room."""


def fits_subject(action: str, entity_type: str) -> bool:
    """Whether an action can be done to such a subject; one that no list knows can."""
    return entity_type in ACTION_SUBJECTS.get(action, ENTITY_TYPES)


def is_enforcement(action: str) -> bool:
    """Whether `action` takes something from somebody, so that a second person must approve it.

    The empty action, none chosen yet, takes nothing; one that no list knows is taken for an
    enforcement, so that what is new or mistyped never escapes the second person.
    """
    return bool(action) and action not in NEUTRAL_ACTIONS
