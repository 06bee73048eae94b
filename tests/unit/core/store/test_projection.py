"""What acts later acts in projection only: cases worth a name, each in every order of arrival."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import itertools
from typing import Any

import pytest
import worlds
from worlds import CITY, COUNTY, MONTH, NEXT_MONTH, OTHER_COUNTY, OWN, PLAN, TOWN, Box, box, id_of, line_of

from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store.store import Said, Store
from desktop_app.core.trust import certificates, keys

FIGURE = f"progress/{TOWN}/{PLAN}/1/{MONTH}"


def figure(
    value: int | str, *replaces: bytes, unit: str = TOWN, subject: str = FIGURE, n: int = 0, **body: Any
) -> bytes:
    said = {"value": value, **body}
    return line_of("progress", subject, unit, said, replaces=map(id_of, replaces), n=n or 1 + len(replaces))


def revocation(by: str, of: str = TOWN, why: str = "compromised", **body: Any) -> bytes:
    said = {"certificate": f"cert-{of}", "why": why, **body}
    return line_of("revocation", f"revocation/{by}/cert-{of}", by, said)


def receipt(by: str, digest: str) -> bytes:
    body = {"unit": TOWN, "period": MONTH, "sequence": 1, "digest": "", "state": "valid"}
    return line_of("receipt", f"receipt/{by}/{digest}", by, body)


def retraction(digest: str, by: str = OWN, **body: Any) -> bytes:
    return line_of("retraction", f"retraction/{by}/{digest}", by, body)


def in_every_order(*boxes: Box) -> Store:
    """A store that took the containers in; any other order of arrival gives the same ledger."""
    stores = [
        worlds.admitted([*worlds.foundation_boxes(), *order]) for order in itertools.permutations(boxes)
    ]
    stores += [worlds.admitted([*boxes, *worlds.foundation_boxes()])]
    for other in stores[1:]:
        assert ledger_rows(other) == ledger_rows(stores[0])
    return stores[0]


def value(store: Store, subject: str = FIGURE) -> Any:
    head = store.ledger.head(subject)
    return None if head is None else head.body.value


def why(store: Store, line: bytes, subject: str = FIGURE) -> str:
    return next(step.why_not for step in store.ledger.history(subject) if step.id == id_of(line))


# -- forks and gaps ------------------------------------------------------------------------------------------------


def test_a_chain_shows_its_end_though_it_arrived_first():
    one = figure(1)
    two = figure(2, one)
    three = figure(3, two, n=3)
    store = in_every_order(box(3, TOWN, [one]), box(4, TOWN, [two]), box(5, TOWN, [three]))
    assert value(store) == 3 and store.ledger.forks() == []


def test_an_entry_counts_before_the_one_it_replaces_has_come():
    one = figure(1)
    two = figure(2, one)
    store = worlds.admitted([*worlds.foundation_boxes(), box(3, TOWN, [two])])
    assert value(store) == 2 and store.ledger.forks() == []
    worlds.take(store, [box(4, TOWN, [one])])
    assert value(store) == 2 and store.ledger.forks() == []


def test_of_two_heads_the_deeper_then_the_smaller_id_is_shown_until_both_are_replaced():
    root = figure(1)
    sides = sorted([figure(2, root), figure(3, root)], key=id_of)
    store = in_every_order(box(3, TOWN, [root]), box(4, TOWN, sides[:1]), box(5, TOWN, sides[1:]))
    assert store.ledger.forks() == [FIGURE]
    assert store.ledger.head(FIGURE).id == id_of(sides[0])
    deeper = figure(4, sides[1], n=3)
    store = in_every_order(box(3, TOWN, [root, *sides]), box(4, TOWN, [deeper]))
    assert store.ledger.forks() == [FIGURE] and value(store) == 4
    settled = figure(5, sides[0], deeper, n=4)
    store = in_every_order(box(3, TOWN, [root, *sides]), box(4, TOWN, [deeper]), box(5, TOWN, [settled]))
    assert store.ledger.forks() == [] and value(store) == 5


def test_replacing_another_subject_s_entry_has_no_effect():
    june = figure(9, subject=f"progress/{TOWN}/{PLAN}/1/{NEXT_MONTH}")
    may = figure(2, june)
    store = in_every_order(box(3, TOWN, [june]), box(4, TOWN, [may]))
    assert value(store) == 2
    assert value(store, f"progress/{TOWN}/{PLAN}/1/{NEXT_MONTH}") == 9
    assert store.ledger.forks() == []


def test_what_nobody_had_a_right_to_say_replaces_nothing():
    own = figure(1)
    store = in_every_order(box(3, TOWN, [own]), box(4, OTHER_COUNTY, [figure(99, own, unit=OTHER_COUNTY)]))
    assert value(store) == 1 and store.ledger.forks() == []
    assert why(store, figure(99, own, unit=OTHER_COUNTY)) == "reporter"


def test_another_unit_s_words_in_a_container_count_only_with_its_own():
    own = figure(1)
    store = in_every_order(box(3, COUNTY, [own]))
    assert value(store) is None and why(store, own) == "author"
    assert value(in_every_order(box(3, COUNTY, [own]), box(4, TOWN, [own]))) == 1


def test_a_unit_above_speaks_by_proxy_only_when_it_says_so():
    silent, open_ = figure(1, unit=COUNTY), figure(2, unit=COUNTY, proxy=True)
    store = in_every_order(box(3, COUNTY, [silent]))
    assert value(store) is None and why(store, silent) == "proxy"
    assert value(in_every_order(box(3, COUNTY, [open_]))) == 2


def test_who_reported_at_the_time_counts():
    """From June on the bureau reports for the town; May stays the town's."""
    duty = {"reporter": worlds.BUREAU, "since": NEXT_MONTH, "earlier": {"": TOWN}}
    changed = line_of("duty", f"duty/{TOWN}/{PLAN}/1", COUNTY, duty)
    june = f"progress/{TOWN}/{PLAN}/1/{NEXT_MONTH}"
    mine, late, theirs = figure(1), figure(2, subject=june), figure(3, subject=june, unit=worlds.BUREAU)
    store = in_every_order(
        box(3, COUNTY, [changed]), box(4, TOWN, [mine, late]), box(5, worlds.BUREAU, [theirs])
    )
    assert (value(store), value(store, june)) == (1, 3)
    assert why(store, late, june) == "reporter"


# -- what only newer versions know ---------------------------------------------------------------------------------


def test_unknown_kinds_and_fields_are_kept_and_do_not_disturb():
    own = figure(1, newer={"x": [1]})
    other = line_of("future", FIGURE, TOWN, {}, replaces=[id_of(own)], n=2)
    nameless = line_of("future", "x", TOWN, {})
    store = in_every_order(box(3, TOWN, [own, other, nameless]))
    assert value(store) == 1
    assert {own, other, nameless} <= worlds.entries_of(store)
    assert store.ledger.counts()["refused"] == 0


# -- retraction ----------------------------------------------------------------------------------------------------


def test_taking_a_file_back_reaches_this_desk_only_and_only_by_its_own_word():
    sent = box(3, TOWN, [figure(1)])
    for by, expected in ((OWN, None), (CITY, 1), (TOWN, 1), (OTHER_COUNTY, 1)):
        store = in_every_order(sent, box(4, by, [retraction(sent.digest, by)]))
        assert value(store) == expected, by
    # A word in this desk's name that another signed is not this desk's word.
    store = in_every_order(sent, box(4, TOWN, [retraction(sent.digest)]))
    assert value(store) == 1


def test_what_came_by_another_file_too_stays():
    sent, again = box(3, TOWN, [figure(1), figure(2, figure(1))]), box(4, TOWN, [figure(1)])
    store = in_every_order(sent, again, box(5, OWN, [retraction(sent.digest)]))
    assert value(store) == 1
    assert why(store, figure(2, figure(1))) == "retracted"


def test_what_was_typed_here_cannot_be_taken_back_as_a_file():
    store = worlds.admitted(worlds.foundation_boxes())
    store.say([Said(kind="closing", subject=f"closing/{OWN}/{MONTH}", body=worlds.closing())])
    worlds.take(store, [box(9, OWN, [retraction("local")])])
    assert store.ledger.head(f"closing/{OWN}/{MONTH}") is not None
    assert ledger_rows(store) == worlds.rebuilt(store)


# -- certificates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why_", "by", "counts"),
    [
        ("lost", COUNTY, True),
        ("replaced", COUNTY, True),
        ("compromised", COUNTY, False),
        ("compromised", CITY, False),
        # Only who granted it, or the city, can say so.
        ("compromised", OTHER_COUNTY, True),
        ("compromised", TOWN, True),
    ],
)
def test_revocation(why_: str, by: str, counts: bool):
    store = in_every_order(box(3, TOWN, [figure(1)]), box(4, by, [revocation(by, why=why_)]))
    assert value(store) == (1 if counts else None)
    if not counts:
        assert why(store, figure(1)) == "signer"


@pytest.mark.parametrize("by", [COUNTY, CITY])
def test_what_the_issuer_had_receipted_stands_although_the_key_was_compromised(by: str):
    known, forged = box(3, TOWN, [figure(1)]), box(4, TOWN, [figure(2, figure(1))])
    received = box(5, COUNTY, [receipt(COUNTY, known.digest)])
    store = in_every_order(known, forged, received, box(6, by, [revocation(by)]))
    assert value(store) == 1
    assert why(store, figure(2, figure(1))) == "signer"


def test_a_receipt_of_somebody_else_saves_nothing():
    sent = box(3, TOWN, [figure(1)])
    others = [box(5, unit, [receipt(unit, sent.digest)]) for unit in (OTHER_COUNTY,)]
    store = in_every_order(sent, *others, box(6, COUNTY, [revocation(COUNTY)]))
    assert value(store) is None


def test_who_has_the_keys_of_town_and_county_cannot_receipt_his_own_forgery():
    """The receipt that would save it came under a key that the city has revoked itself."""
    forged = box(3, TOWN, [figure(99)])
    revoked = box(4, COUNTY, [revocation(COUNTY)], certificate="new")
    saving = box(5, COUNTY, [receipt(COUNTY, forged.digest)])
    above = box(6, CITY, [revocation(CITY, of=COUNTY)])
    assert value(in_every_order(forged, revoked, saving)) == 99, "as far as anybody knows, the county had it"
    store = in_every_order(forged, revoked, saving, above)
    assert value(store) is None and why(store, figure(99)) == "signer"
    # What the city had receipted of the county's stands, and with it the county's word.
    kept = box(7, CITY, [receipt(CITY, saving.digest)])
    assert value(in_every_order(forged, revoked, saving, above, kept)) == 99


def test_a_thief_s_revocation_of_a_town_falls_with_the_key_it_was_signed_with():
    said, malice = box(3, TOWN, [figure(1)]), box(4, COUNTY, [revocation(COUNTY)])
    above = box(5, CITY, [revocation(CITY, of=COUNTY)])
    assert value(in_every_order(said, malice)) is None
    assert value(in_every_order(said, malice, above)) == 1


def test_a_county_s_authority_that_was_compromised_takes_along_what_was_granted_under_it():
    """Its certificate stands in the chain of what its towns sign."""
    der = _certificate()
    chain = (
        "<xd:SigningTime>2024-06-05T08:00:00Z</xd:SigningTime>"
        + f"<X509Certificate>{base64.b64encode(der).decode()}</X509Certificate>" * 2
    ).encode()
    authority = hashlib.sha256(der).hexdigest()
    said = box(3, TOWN, [figure(1)])._replace(signature=chain)
    body = {"certificate": authority, "why": "compromised"}
    revoked = box(4, CITY, [line_of("revocation", f"revocation/{CITY}/{authority}", CITY, body)])
    assert value(in_every_order(said)) == 1
    assert value(in_every_order(said, revoked)) is None
    assert value(in_every_order(said, revoked, box(5, CITY, [receipt(CITY, said.digest)]))) == 1


def test_a_revocation_that_is_taken_back():
    said = revocation(COUNTY)
    again = line_of(
        "revocation",
        f"revocation/{COUNTY}/cert-{TOWN}",
        COUNTY,
        {"certificate": f"cert-{TOWN}", "why": "compromised", "void": True},
        replaces=[id_of(said)],
        n=2,
    )
    assert (
        value(in_every_order(box(3, TOWN, [figure(1)]), box(4, COUNTY, [said]), box(5, COUNTY, [again]))) == 1
    )


def test_a_certificate_from_a_unit_that_is_not_above_counts_for_nothing():
    for issuer, expected in ((COUNTY, 1), (CITY, 1), (OTHER_COUNTY, None), ("nobody", None)):
        store = in_every_order(box(3, TOWN, [figure(1)], issuer=issuer))
        assert value(store) == expected, issuer


def signature(claimed: str) -> bytes:
    """What a signature with this claimed time and a certificate that ends in 2029 says where it is read."""
    return (
        f"<xd:SigningTime>{claimed}</xd:SigningTime>"
        f"<X509Certificate>{base64.b64encode(_certificate()).decode()}</X509Certificate>"
    ).encode()


@functools.cache
def _certificate() -> bytes:
    key = keys.generate("p256")
    return certificates.make_provisional(key, TOWN, "镇", at=dt.datetime(2024, 7, 1, tzinfo=dt.UTC))


def test_what_was_signed_after_the_certificate_s_end_does_not_count_until_it_comes_with_a_valid_one():
    said, before = figure(1), figure(2, subject=f"progress/{TOWN}/{PLAN}/1/{NEXT_MONTH}")
    late = box(3, TOWN, [said])._replace(signature=signature("2031-01-05T08:00:00Z"))
    store = in_every_order(late)
    assert value(store) is None and why(store, said) == "expired"
    assert said in worlds.entries_of(store), "kept"
    # With a renewed certificate the same entries count, whichever comes first.
    store = in_every_order(late, box(4, TOWN, [said]))
    assert value(store) == 1 and store.ledger.forks() == []
    # A clock that was slow is a remark and no verdict.
    early = box(5, TOWN, [before])._replace(signature=signature("2019-01-05T08:00:00Z"))
    assert value(in_every_order(early), f"progress/{TOWN}/{PLAN}/1/{NEXT_MONTH}") == 2


# -- the organisation ----------------------------------------------------------------------------------------------


def unit(code: str, parent: str, by: str, *replaces: bytes, n: int = 0, **body: Any) -> bytes:
    said = {"name": code, "level": "township", "parent": parent, **body}
    return line_of("unit", f"unit/{code}", by, said, replaces=map(id_of, replaces), n=n or 1 + len(replaces))


def units(store: Store) -> dict[str, str | None]:
    return {unit.code: unit.parent for unit in store.ledger.organisation}


def test_a_county_adds_units_below_itself_and_these_their_own():
    first, second = unit("new", COUNTY, COUNTY), unit("station", "new", "new")
    store = in_every_order(box(3, COUNTY, [first]), Box(4, "new", COUNTY, "cert-new", (second,)))
    assert units(store)["new"] == COUNTY and units(store)["station"] == "new"


def test_a_county_takes_away_what_it_added():
    said = unit("new", COUNTY, COUNTY)
    store = in_every_order(
        box(3, COUNTY, [said]), box(4, COUNTY, [unit("new", COUNTY, COUNTY, said, void=True)])
    )
    assert "new" not in units(store)


def test_nobody_draws_another_s_unit_to_itself():
    city_said = next(line for line in worlds.foundation() if b'"subject":"unit/b1"' in line)
    for code in ("b1", OTHER_COUNTY, CITY, COUNTY):
        stolen = unit(code, COUNTY, COUNTY, city_said, n=9)
        store = in_every_order(box(3, COUNTY, [stolen]))
        assert units(store)[code] == worlds.PARENT.get(code), code


def test_units_above_one_another_count_for_nothing_and_stop_nobody():
    ring = [unit(TOWN, worlds.SECOND_TOWN, CITY, n=9), unit(worlds.SECOND_TOWN, TOWN, CITY, n=9)]
    store = in_every_order(box(3, CITY, ring), box(4, TOWN, [figure(1)]))
    organisation = store.ledger.organisation
    assert TOWN not in organisation and worlds.FAR_TOWN in organisation
    assert [unit.code for unit in organisation.below(TOWN)] == []
    assert value(store) is None


# -- what the program remembers ------------------------------------------------------------------------------------


def test_a_failed_transaction_leaves_nothing_in_memory_either():
    store = worlds.admitted(worlds.foundation_boxes())
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.admit([box(3, CITY, [unit("new", COUNTY, CITY)]).arrival()])
        assert "new" in units(store)
        raise ZeroDivisionError
    assert "new" not in units(store)
    worlds.take(store, [box(3, TOWN, [figure(1)])])
    assert ledger_rows(store) == worlds.rebuilt(store)
    assert store.connection.execute("SELECT count(*) FROM container").fetchone()[0] == 3


def test_an_inner_failure_takes_back_only_itself():
    store = worlds.admitted(worlds.foundation_boxes())
    with store.transaction():
        store.admit([box(3, TOWN, [figure(1)]).arrival()])
        with pytest.raises(ZeroDivisionError), store.transaction():
            store.admit([box(4, TOWN, [figure(2, figure(1))]).arrival()])
            assert value(store) == 2
            raise ZeroDivisionError
        assert value(store) == 1
    assert value(store) == 1
    assert ledger_rows(store) == worlds.rebuilt(store)
