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
FORMAT_VERSION = 5
# Columns that came with format 3 and later. Where one is empty it is no part of what the
# audit trail seals, so that what earlier formats sealed still reads the same.
LATER_COLUMNS = frozenset(
    {
        *("data_day", "review_on", "alert_typology", "alert_band", "alert_opened_on", "reopens"),
        "batch_id",
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
drafts = Table(
    "drafts",
    metadata,
    Column("actor", String(120), primary_key=True),
    Column("subject", DRAFT_SUBJECT, primary_key=True),
    Column("content", Text, nullable=False),
    Column("saved_at", DateTime, nullable=False),
)
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
