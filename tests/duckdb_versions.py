"""Makes a database file one that another version of DuckDB wrote, as far as a reader can tell."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADER_BYTES = 4096
WORD = 2**64
AHEAD = 1000
"""Storage versions that no release of today can read."""


def of_a_later_version(path: Path) -> int:
    """Raise the storage version in the header of a closed database; returns it."""
    header = bytearray(path.read_bytes()[:HEADER_BYTES])
    assert int.from_bytes(header[:8], "little") == _checksum(bytes(header[8:]))
    version = int.from_bytes(header[12:20], "little") + AHEAD
    header[12:20] = version.to_bytes(8, "little")
    header[:8] = _checksum(bytes(header[8:])).to_bytes(8, "little")
    with path.open("r+b") as file:
        file.write(header)
    return version


def _checksum(body: bytes) -> int:
    """That of a block, as DuckDB's storage format has it."""
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", body):
        checksum ^= word * 0xBF58476D1CE4E5B9 % WORD
    return checksum
