"""One module per format, oldest first; Alembic reads them by their `down_revision`."""
