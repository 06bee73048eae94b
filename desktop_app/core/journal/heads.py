"""Heads and forks of one subject.

A head is an entry that no other counted entry on the same subject replaces.  Two heads are a fork; until an entry
replaces both, one is shown (暂计) by a rule that does not depend on the order of arrival.

What was entered for a unit by one above it (代录) is no second word beside the unit's own: such a head gives way as
soon as there is one the unit itself stands behind.  What a unit above settled rests on the unit's own and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec


class Node(msgspec.Struct, frozen=True):
    """What deciding needs of an entry: its id, its depth, the ids it replaces (as bytes of 32 each)."""

    id: bytes
    n: int
    replaces: bytes
    proxy: bool = False

    def replaced(self) -> list[bytes]:
        return [self.replaces[i : i + 32] for i in range(0, len(self.replaces), 32)]


def heads(nodes: Iterable[Node]) -> list[Node]:
    """The heads, the one to show first: greatest `n`, then smallest id."""
    nodes = list(nodes)
    replaced = {ident for node in nodes for ident in node.replaced()}
    found = sorted((node for node in nodes if node.id not in replaced), key=lambda node: (-node.n, node.id))
    if len(found) > 1 and any(node.proxy for node in found):
        known = {node.id: node for node in nodes}
        own = [node for node in found if not _only_proxy(node, known)]
        return own or found
    return found


def _only_proxy(head: Node, known: Mapping[bytes, Node]) -> bool:
    """Whether an entry and everything it rests on was entered for the unit by others."""
    seen: set[bytes] = set()
    queue = [head.id]
    while queue:
        ident = queue.pop()
        if ident in seen:
            continue
        seen.add(ident)
        node = known.get(ident)
        if node is None or not node.proxy:
            return False
        queue.extend(node.replaced())
    return True
