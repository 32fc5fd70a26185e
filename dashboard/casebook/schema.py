"""The casebook's tables as this release reads and writes them.

Portable SQL by SQLAlchemy. `migrations` makes them, and the triggers that keep two
of them append-only; a test compares both. JSON is kept as canonical text because
the audit hash is taken over the text.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from queries.contract import LONGEST_ID

# SQLite holds a text of any length, so only PostgreSQL was told of longer ids (format 3).
ENTITY_ID = String(80).with_variant(String(LONGEST_ID), "postgresql")
DRAFT_SUBJECT = String(120).with_variant(String(LONGEST_ID + 20), "postgresql")
# The newest revision in `migrations`.
FORMAT_VERSION = 6
# Columns that came with format 3 and later. Where one is empty it is no part of what the
# audit trail seals, so that what earlier formats sealed still reads the same.
LATER_COLUMNS = frozenset(
    {
        *("data_day", "review_on", "alert_typology", "alert_band", "alert_opened_on", "reopens"),
        "batch_id",
        *("team", "contact", "due_at", "severity", "reason"),
        *("model_version", "snapshot_id", "evidence", "legal_basis", "scope", "days"),
    }
)
metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(40), primary_key=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", ENTITY_ID, nullable=False),
    Column("state", String(20), nullable=False),
    Column("assignee", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("data_day", Date),
    Column("review_on", Date),
    Column("alert_typology", String(40)),
    Column("alert_band", String(10)),
    Column("team", String(20)),
    Column("contact", String(120)),
    Column("due_at", DateTime),
    Column("severity", String(10)),
    Column("reason", String(500)),
    Index("one_case_per_entity", "entity_type", "entity_id", unique=True),
    Index("cases_by_state", "state"),
)
decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", String(40), primary_key=True),
    Column("idempotency_key", String(80), nullable=False, unique=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", ENTITY_ID, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("typology", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("reason_codes", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("confidence", Double),
    Column("score", Double),
    Column("as_of", Date),
    Column("data_version", String(80), nullable=False),
    Column("decided_by", String(120), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
    Column("data_day", Date),
    Column("review_on", Date),
    Column("alert_typology", String(40)),
    Column("alert_band", String(10)),
    Column("alert_opened_on", Date),
    Column("reopens", String(40)),
    Column("batch_id", String(40)),
    Column("model_version", String(80)),
    Column("snapshot_id", String(64)),
    Column("evidence", Text),
    Column("legal_basis", String(40)),
    Column("scope", String(200)),
    Column("days", Integer),
    Index("decisions_by_batch", "batch_id"),
)
# Which case a subject was moved to, the last word first; `group_id` is that of a ring, a
# subject's own key, or made by hand.
assignments = Table(
    "assignments",
    metadata,
    Column("assignment_id", String(40), primary_key=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", ENTITY_ID, nullable=False),
    Column("group_id", DRAFT_SUBJECT, nullable=False),
    Column("title", String(120), nullable=False),
    Column("note", Text, nullable=False),
    Column("assigned_by", String(120), nullable=False),
    Column("assigned_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# What people said of links between two subjects, by key; the last word holds.
link_verdicts = Table(
    "link_verdicts",
    metadata,
    Column("link_id", String(40), primary_key=True),
    Column("src", DRAFT_SUBJECT, nullable=False),
    Column("dst", DRAFT_SUBJECT, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_by", String(120), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# What people wrote on a day of a metric; empty metric or market = every one. One that replaces
# another stands in its place, and an empty one takes it back.
day_notes = Table(
    "day_notes",
    metadata,
    Column("note_id", String(40), primary_key=True),
    Column("metric", String(80), nullable=False),
    Column("market", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("replaces", String(40)),
    Column("written_by", String(120), nullable=False),
    Column("written_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# What the platform is asked to do because of a decision, from when until when; `reverses` names
# the effect that this one ends. `ends_at` empty = until somebody ends it. `kind` is one of
# `dashboard.cases.effects`, `reason` why it was ended.
effects = Table(
    "effects",
    metadata,
    Column("effect_id", String(40), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("decision_id", String(40), nullable=False, index=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", ENTITY_ID, nullable=False),
    Column("action", String(40), nullable=False),
    Column("scope", String(200), nullable=False),
    Column("starts_at", DateTime, nullable=False),
    Column("ends_at", DateTime),
    Column("reverses", String(40), index=True),
    Column("reason", String(500), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# What is on its way to the platform. It changes with every attempt, so the audit trail has its
# first and its last word and this table the rest. `delivered` are the ways it has gone already,
# `problem` why the last attempt failed.
outbox = Table(
    "outbox",
    metadata,
    Column("message_id", String(40), primary_key=True),
    Column("idempotency_key", String(80), nullable=False, unique=True),
    Column("effect_id", String(40), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime),
    Column("delivered", String(40), nullable=False),
    Column("problem", String(300), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("answered_at", DateTime),
    Column("answer", Text, nullable=False),
)
# What whoever is sanctioned is told, as it was told: canonical JSON, never made again.
statements = Table(
    "statements",
    metadata,
    Column("statement_id", String(40), primary_key=True),
    Column("decision_id", String(40), nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
appeals = Table(
    "appeals",
    metadata,
    Column("appeal_id", String(40), primary_key=True),
    Column("decision_id", String(40), nullable=False, index=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("received_by", String(120), nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# What became of an appeal: UPHELD (the decision stands) or OVERTURNED.
appeal_outcomes = Table(
    "appeal_outcomes",
    metadata,
    Column("appeal_id", String(40), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("data_day", Date),
    Column("decided_by", String(120), nullable=False),
    Column("decided_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# What a decision was taken on, as canonical JSON under its own SHA-256: the same evidence is
# stored once.
snapshots = Table(
    "snapshots",
    metadata,
    Column("snapshot_id", String(64), primary_key=True),
    Column("content", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
)
# Personal data that somebody asked to see, why, for which case and until when.
reveals = Table(
    "reveals",
    metadata,
    Column("reveal_id", String(40), primary_key=True),
    Column("subject", DRAFT_SUBJECT, nullable=False),
    Column("field", String(80), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("actor", String(120), nullable=False, index=True),
    Column("revealed_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# Who looked at what, searched for what and took what out. Append-only, yet no part of the chain:
# a view must not wait for the writers' lock.
access_log = Table(
    "access_log",
    metadata,
    Column("log_id", String(40), primary_key=True),
    Column("at", DateTime, nullable=False, index=True),
    Column("actor", String(120), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("act", String(20), nullable=False),
    Column("page", String(40), nullable=False),
    Column("subject", DRAFT_SUBJECT, nullable=False),
    Column("purpose", String(500), nullable=False),
    Column("detail", String(500), nullable=False),
    Column("row_count", Integer),
)
# Decisions drawn for a second look, and cases with a verdict that is already sure (`sure_verdict`).
review_tasks = Table(
    "review_tasks",
    metadata,
    Column("task_id", String(40), primary_key=True),
    Column("entity_type", String(20), nullable=False),
    Column("entity_id", ENTITY_ID, nullable=False),
    Column("decision_id", String(40)),
    Column("sure_verdict", String(20)),
    Column("drawn_by", String(120), nullable=False),
    Column("drawn_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
second_reviews = Table(
    "second_reviews",
    metadata,
    Column("task_id", String(40), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("typology", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("reviewer", String(120), nullable=False),
    Column("reviewed_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
# How long a decision, or an answer to a proposal (`act`), took and what was looked at for it;
# `first_verdict` is the one that was given before the score was shown.
decision_times = Table(
    "decision_times",
    metadata,
    Column("time_id", String(60), primary_key=True),
    Column("decision_id", String(40), nullable=False, index=True),
    Column("act", String(20), nullable=False),
    Column("actor", String(120), nullable=False, index=True),
    Column("seconds", Double, nullable=False),
    Column("panels", Text, nullable=False),
    Column("first_verdict", String(20)),
    Column("decided_at", DateTime, nullable=False),
)
# Who has a case open at this moment.
presence = Table(
    "presence",
    metadata,
    Column("actor", String(120), primary_key=True),
    Column("subject", DRAFT_SUBJECT, primary_key=True),
    Column("seen_at", DateTime, nullable=False),
)
# What must not be erased, and what was: `releases` names the hold that this row ends. `entries`
# are those of the trail that lost their texts, each with the seal of what is left of it,
# `snapshots` the ids of those that are gone, `proof` signs both with the key of the house.
legal_holds = Table(
    "legal_holds",
    metadata,
    Column("hold_id", String(40), primary_key=True),
    Column("subject", DRAFT_SUBJECT, nullable=False, index=True),
    Column("reason", String(500), nullable=False),
    Column("releases", String(40)),
    Column("placed_by", String(120), nullable=False),
    Column("placed_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", String(40), primary_key=True),
    Column("subject_hash", String(64), nullable=False),
    Column("basis", String(500), nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("entries", Text, nullable=False),
    Column("snapshots", Text, nullable=False),
    Column("proof", String(64), nullable=False),
    Column("erased_by", String(120), nullable=False),
    Column("erased_at", DateTime, nullable=False),
    Column("audit_seq", Integer, nullable=False, unique=True),
)
drafts = Table(
    "drafts",
    metadata,
    Column("actor", String(120), primary_key=True),
    Column("subject", DRAFT_SUBJECT, primary_key=True),
    Column("content", Text, nullable=False),
    Column("saved_at", DateTime, nullable=False),
)
# `salt` is part of what is sealed (format 6), and goes with the texts of an entry that loses them:
# nobody can then try texts until one fits the seal.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", DateTime, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(160), nullable=False, index=True),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("salt", String(32)),
)
# One row: where the chain ends. Writers lock it first, so appends are serial, and
# a trail whose tail was cut off no longer matches it. Releases from before format 2
# read `format_version`, which stays 2 so that they refuse what they do not know.
chain = Table(
    "chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("format_version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
