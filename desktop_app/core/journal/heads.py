"""Heads and forks of one subject.

A head is an entry that no other counted entry on the same subject replaces.  Two heads are a fork; until an entry
replaces both, one is shown (暂计) by a rule that does not depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Node(msgspec.Struct, frozen=True):
    """What deciding needs of an entry: its id, its depth, the ids it replaces (as bytes of 32 each)."""

    id: bytes
    n: int
    replaces: bytes


def heads(nodes: Iterable[Node]) -> list[Node]:
    """The heads, the one to show first: greatest `n`, then smallest id."""
    nodes = list(nodes)
    replaced = {node.replaces[i : i + 32] for node in nodes for i in range(0, len(node.replaces), 32)}
    return sorted((node for node in nodes if node.id not in replaced), key=lambda node: (-node.n, node.id))
