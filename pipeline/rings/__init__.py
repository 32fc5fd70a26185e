"""Rings: coordinated subjects with shared evidence. The SQL around it is `queries/rings`."""
