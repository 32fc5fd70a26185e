"""What is about one subject, and the key that it has everywhere."""

from __future__ import annotations


class Keyed:
    """A record with the type and the id of its subject."""

    entity_type: str
    entity_id: str

    @property
    def entity_key(self) -> str:
        """`merchant:mer_000001`."""
        return f"{self.entity_type}:{self.entity_id}"
