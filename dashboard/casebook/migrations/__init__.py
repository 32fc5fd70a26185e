"""The formats of the casebook, one Alembic revision each.

A revision's name is its format's number. To change what the casebook keeps: add
`versions/format_<n>.py`, raise `schema.FORMAT_VERSION` to n and change the tables in
`schema`; a test compares both. A revision that has been released is never edited,
and imports nothing of ours: it says what was true then. There is no way back but
the copy that is made before a migration.
"""
