"""Two boosted models as one: the trees of both, each leaf at half its worth.

The margin of the sum is the mean of both margins, and so is every Shapley value of it. All that
reads a model (TreeSHAP, its check, single changes, what holds a score) sees plain trees.
docs/decisions/0037-average-of-two-boosters.md
"""

from __future__ import annotations

_VALUES = ("leaf_value=", "internal_value=")
_END = "end of trees"


def averaged(one: str, other: str) -> str:
    """Text of the mean of two LightGBM models of the same features, given by their texts.

    Halving is exact in binary, so the sum of the trees is the mean to the last bit but one.
    """
    head, *first = _trees(one)
    _, *second = _trees(other)
    trees = [_numbered(number, tree) for number, tree in enumerate((*first, *second))]
    # LightGBM jumps by these sizes where they are given; it reads line by line where not.
    lines = [line for line in head.splitlines() if not line.startswith("tree_sizes=")]
    return "\n".join(lines) + "\n\n" + "".join(trees) + _END + one.partition(_END)[2]


def _trees(text: str) -> list[str]:
    """The head of a model and each of its trees, without their numbers."""
    return text.partition(_END)[0].split("\nTree=")


def _numbered(number: int, tree: str) -> str:
    """One tree under its new number, worth half."""
    lines = tree.rstrip("\n").splitlines()[1:]
    return "\n".join([f"Tree={number}", *map(_halved, lines)]) + "\n\n\n"


def _halved(line: str) -> str:
    if not line.startswith(_VALUES):
        return line
    name, _, values = line.partition("=")
    return f"{name}={' '.join(repr(float(value) / 2.0) for value in values.split(' '))}"
