"""The laws of ARCHITECTURE.md, tried on worlds that Hypothesis draws: units, duties, authors with and without a right,
chains, forks, gaps, retractions, revocations, and things only a newer version understands."""

from __future__ import annotations

import msgspec
import worlds
from hypothesis import given
from hypothesis import strategies as st
from worlds import Box, admitted, box, entries_of, id_of, line_of, memory_store, rebuilt, take

from desktop_app.core.journal.heads import Node, heads
from desktop_app.core.model.bodies import BODIES
from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store.store import Store


@given(boxes=worlds.worlds(), data=st.data())
def test_any_order_any_repetition_any_batching_gives_the_same_ledger(boxes: list[Box], data: st.DataObject):
    expected = admitted(boxes)
    order = data.draw(st.permutations(boxes + boxes[:2]))
    other = memory_store()
    while order:
        size = data.draw(st.integers(1, len(order)))
        take(other, order[:size], journals=data.draw(st.integers(1, 2)))
        order = order[size:]
    assert ledger_rows(other) == ledger_rows(expected)
    assert entries_of(other) == entries_of(expected) == {line for item in boxes for line in item.lines}


@given(boxes=worlds.worlds(), data=st.data())
def test_ledger_after_each_step_is_what_a_rebuild_gives(boxes: list[Box], data: st.DataObject):
    # Most orders bring the foundation when much else has already arrived too early.
    store = memory_store()
    for item in data.draw(st.permutations(boxes)):
        take(store, [item])
        assert ledger_rows(store) == rebuilt(store)


@given(boxes=worlds.worlds(), data=st.data())
def test_ledger_is_what_a_rebuild_gives_when_a_fresh_program_takes_over(
    boxes: list[Box], data: st.DataObject
):
    # A projector remembers who is who; another process begins with nothing remembered.
    store = memory_store()
    for item in data.draw(st.permutations(boxes)):
        store.projector.forget()
        take(store, [item])
        assert ledger_rows(store) == rebuilt(store)


@given(boxes=worlds.worlds(ruling=False), data=st.data())
def test_how_a_signer_divides_the_journal_into_containers_does_not_matter(
    boxes: list[Box], data: st.DataObject
):
    pieces: list[Box] = []
    for item in boxes:
        for line in item.lines:
            size = data.draw(st.integers(0, 1))
            if size and pieces and pieces[-1][1:4] == item[1:4]:
                pieces[-1] = pieces[-1]._replace(lines=(*pieces[-1].lines, line))
            else:
                pieces.append(item._replace(number=len(pieces) + 1, lines=(line,)))
    one, other = admitted(boxes), admitted(data.draw(st.permutations(pieces)))
    assert ledger_rows(one) == ledger_rows(other)
    assert entries_of(one) == entries_of(other)


def hex_ids(store: Store, query: str) -> set[str]:
    return {row["id"].hex() for row in store.connection.execute(query)}


@given(boxes=worlds.worlds(), data=st.data())
def test_counts_add_up(boxes: list[Box], data: st.DataObject):
    store = memory_store()
    order = data.draw(st.permutations(boxes + boxes[2:3]))
    seen: set[bytes] = set()
    numbers: set[int] = set()
    while order:
        size = data.draw(st.integers(1, min(3, len(order))))
        together, order = order[:size], order[size:]
        counts = take(store, together)
        refused = hex_ids(store, "SELECT id FROM refused")
        forked = {head for subject in store.ledger.forks() for head in store.head_ids(subject)}
        for item, found in zip(together, counts, strict=True):
            distinct = set(item.lines)
            fresh = {id_of(line) for line in distinct - seen}
            assert found.entries == len(distinct)
            assert found.entries == found.new + found.known + found.conflicting + found.refused
            assert found.known == len(distinct & seen)
            assert found.refused == len(fresh & refused)
            assert found.conflicting == len(fresh & forked)
            if item.number not in numbers:
                row = store.connection.execute(
                    "SELECT * FROM container WHERE digest = ?", (item.digest,)
                ).fetchone()
                assert (row["entries"], row["fresh"], row["known"], row["conflicting"], row["refused"]) == (
                    found.entries, found.new, found.known, found.conflicting, found.refused,
                )  # fmt: skip
            seen |= distinct
            numbers.add(item.number)


# -- retraction ----------------------------------------------------------------------------------------------------


def retraction(digest: str, *, void: bool = False, replaces: tuple[str, ...] = ()) -> bytes:
    subject = f"retraction/{worlds.OWN}/{digest}"
    return line_of(
        "retraction",
        subject,
        worlds.OWN,
        {"void": True} if void else {},
        replaces=replaces,
        n=1 + len(replaces),
    )


def without(boxes: list[Box], *words: str) -> list[Box]:
    """The same containers without the lines that hold any of these words."""
    return [
        item._replace(
            lines=tuple(line for line in item.lines if not any(word.encode() in line for word in words))
        )
        for item in boxes
    ]


@given(boxes=worlds.worlds(), data=st.data())
def test_retraction_removes_exactly_what_came_only_with_that_container(boxes: list[Box], data: st.DataObject):
    number = data.draw(st.sampled_from([item.number for item in boxes[2:]]))
    # Nobody else speaks of taking this one back, and what it takes back itself is another question: this desk's own
    # word stays in force even where the file that brought it is taken back.
    boxes = without(boxes, f"retraction/{worlds.OWN}/{number:064x}")
    boxes[number - 1] = without([boxes[number - 1]], '"kind":"retraction"')[0]
    struck, others = boxes[number - 1], [item for item in boxes if item.number != number]
    taken_back = box(99, worlds.OWN, [retraction(struck.digest)])
    full = admitted([*boxes, taken_back])
    gone = {
        (entry["subject"], bytes.fromhex(id_of(line)), "retracted")
        for line in set(struck.lines) - {line for item in others for line in item.lines}
        for entry in [msgspec.json.decode(line)]
        if entry["kind"] in BODIES
    }
    here, there = ledger_rows(full), ledger_rows(admitted([*others, taken_back]))
    # What came by this and by another file that does not count either may be refused for either reason.
    reasons = {row[:2]: row[2] for row in there["refused"]}
    assert gone <= set(here["refused"])
    assert {row[:2] for row in here["refused"]} == {row[:2] for row in gone} | set(reasons)
    assert all(row in gone or row[2] in ("retracted", reasons[row[:2]]) for row in here["refused"])
    del here["refused"], there["refused"]
    assert here == there
    assert entries_of(full) >= set(struck.lines), "the journal keeps everything"


@given(boxes=worlds.worlds(), data=st.data())
def test_taking_a_retraction_back_brings_everything_back(boxes: list[Box], data: st.DataObject):
    struck = data.draw(st.sampled_from(boxes[2:]))
    subject = f"retraction/{worlds.OWN}/{struck.digest}"
    said = retraction(struck.digest)
    again = retraction(struck.digest, void=True, replaces=(id_of(said),))
    boxes = without(boxes, subject)

    def rows(*more: bytes) -> dict[str, list[tuple[object, ...]]]:
        later = [box(90 + number, worlds.OWN, [line]) for number, line in enumerate(more)]
        found = ledger_rows(admitted([*boxes, *later]))
        return {table: [row for row in rows if subject not in row] for table, rows in found.items()}

    assert rows(said, again) == rows(again, said) == rows()


# -- forks and gaps ------------------------------------------------------------------------------------------------


@given(boxes=worlds.worlds())
def test_what_is_shown_of_a_fork_follows_the_rule(boxes: list[Box]):
    store = admitted(boxes)
    refused = {(row["subject"], row["id"]) for row in store.connection.execute("SELECT * FROM refused")}
    nodes: dict[str, list[Node]] = {}
    for row in store.connection.execute("SELECT * FROM entry").fetchall():
        if row["kind"] in BODIES and (row["subject"], row["id"]) not in refused:
            nodes.setdefault(row["subject"], []).append(Node(row["id"], row["n"], row["replaces"]))
    shown = {row["subject"]: row for row in store.connection.execute("SELECT * FROM head")}
    assert set(shown) == set(nodes)
    for subject, counted in nodes.items():
        replaced = {
            other.replaces[i : i + 32] for other in counted for i in range(0, len(other.replaces), 32)
        }
        top = [node for node in counted if node.id not in replaced]
        proxies = {
            bytes.fromhex(step.id)
            for step in store.ledger.history(subject)
            if getattr(step.body, "proxy", False)
        }
        # What was entered for a unit gives way to the unit's own word, unless it rests on that.
        known = {node.id: node for node in counted}
        own = [node for node in top if not resting_on(node.id, known) <= proxies & known.keys()]
        top = own or top
        best = min(top, key=lambda node: (-node.n, node.id))
        assert (shown[subject]["id"], shown[subject]["heads"]) == (best.id, len(top))


def resting_on(ident: bytes, known: dict[bytes, Node]) -> set[bytes]:
    """An entry and all that it replaces, however far back, unknown ones too."""
    found: set[bytes] = set()
    queue = [ident]
    while queue:
        current = queue.pop()
        if current not in found:
            found.add(current)
            queue += known[current].replaced() if current in known else []
    return found


nodes_of_one_subject = st.lists(
    st.tuples(st.binary(min_size=32, max_size=32), st.integers(1, 4)),
    min_size=1,
    unique_by=lambda pair: pair[0],
)


@given(pairs=nodes_of_one_subject, data=st.data())
def test_heads_do_not_depend_on_order_and_there_is_always_one(
    pairs: list[tuple[bytes, int]], data: st.DataObject
):
    nodes = [
        Node(
            ident,
            n,
            b"".join(
                data.draw(st.lists(st.sampled_from([p[0] for p in pairs[:index]]), max_size=2))
                if index
                else []
            ),
        )
        for index, (ident, n) in enumerate(pairs)
    ]
    found = heads(nodes)
    assert found
    assert found == heads(data.draw(st.permutations(nodes)))
