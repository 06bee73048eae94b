"""A few hundred spoilt packages in every run of the tests; `python -m tests.fuzz.run` does ten thousand by hand."""

from __future__ import annotations

import io
import random
import re
import warnings
from pathlib import Path

import corpus as corpora
import make_good_package as good
import merging
import pytest
import spoil_zip
from corpus import Corpus
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from judge import Judge, Spoilt, Violation, spoil
from make_bad_packages import write

from desktop_app.core.errors import InputError, TrustError, VerificationError
from desktop_app.core.package import entries, forward, opc, resaved, signature_xml
from desktop_app.core.package.active import check_workbook_part
from desktop_app.core.package.verify import open_package
from desktop_app.core.package.zipread import ZipReader
from desktop_app.core.trust import certificates, envelope, sealing

COUNT, MERGED = 400, 60
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def told(violations: list[Violation]) -> str:
    return "\n\n".join(f"{item.number}: {item.what}\n{item.why}" for item in violations[:5])


# -- the loop --------------------------------------------------------------------------------------------------------


def test_spoilt_packages_are_refused_in_words_and_never_taken_for_good(corpus: Corpus, tmp_path: Path):
    judge = Judge(corpus, tmp_path)
    for number in range(COUNT):
        judge.try_number(number)
    assert not judge.violations, told(judge.violations)
    # The loop must do what it is for: most rules are met, and what is harmless is let through.
    assert sum(judge.outcomes.values()) == COUNT
    assert {"rule 1", "rule 2", "rule 3", "rule 4", "rule 5", "rule 10", "accepted, valid"} <= set(
        judge.outcomes
    )


def test_spoilt_packages_do_a_desk_no_harm(corpus: Corpus, tmp_path: Path):
    outcome = merging.try_merging(corpus, 0, MERGED, tmp_path)
    assert not outcome.violations, told(outcome.violations)
    assert {"merged", "quarantined"} <= set(outcome.states)


def test_what_is_done_depends_on_the_number_alone(corpus: Corpus):
    for number in range(40):
        assert spoil(corpus, number) == spoil(corpus, number)


def test_the_judge_would_notice(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A verifier that compared no digests would be caught."""
    from desktop_app.core.package import verify

    judge = Judge(corpus, tmp_path)
    seed = corpus["month"]
    sheet = seed.parts["xl/worksheets/sheet2.xml"]
    altered = seed.parts | {"xl/worksheets/sheet2.xml": sheet.replace(b"<v>1</v>", b"<v>2</v>", 1)}
    spoilt = Spoilt(seed, "cell", write(altered), False)
    assert judge.look(spoilt) == "" and altered != seed.parts
    monkeypatch.setattr(verify._Verification, "_check_parts", lambda self: _keep_all(self))
    assert "although these differ" in judge.look(spoilt)


def _keep_all(self) -> None:
    for part, reference in self.checked.references.items():
        if reference.ids is not None:
            self.relationships[part] = opc.read_relationships(part, self.reader.read(part))
        else:
            self.kept[part] = self.reader.read(part)


# -- single doors, with Hypothesis, which finds the smallest example -------------------------------------------------


@quick
@given(data=st.data())
def test_any_change_of_a_byte_in_the_zip_s_own_records(data: st.DataObject, corpus: Corpus):
    """Local headers, directory and end: a changed byte is refused, or it changes nothing that is inside."""
    seed = corpus["newer"]
    records = _structure(seed.data)
    at = records[data.draw(st.integers(0, len(records) - 1))]
    value = data.draw(st.integers(0, 255))
    assume(seed.data[at] != value)
    changed = seed.data[:at] + bytes([value]) + seed.data[at + 1 :]
    try:
        with open_package(Path("x.xlsx"), [seed.root], content=changed) as package:
            assert {name: package.part(name) for name in package.part_names} == seed.parts
    except VerificationError as error:
        assert error.what and error.next_step


def _structure(data: bytes) -> list[int]:
    """Every place in a zip that is no entry's contents."""
    places: list[int] = []
    at = 0
    for entry in spoil_zip.read(data):
        size = spoil_zip.LOCAL.size + len(entry.name)
        places += range(at, at + size)
        at += size + len(entry.packed)
    return [*places, *range(at, len(data))]


@quick
@given(
    blob=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"0\x82\x01\x00"])
)
def test_any_bytes_can_be_looked_at(blob: bytes, start: bytes, corpus: Corpus):
    for data in (start + blob, start + blob + corpus["newer"].data[-22:]):
        with pytest.raises(VerificationError):
            open_package(Path("x.xlsx"), [], content=data)
        resaved.recognise(io.BytesIO(data))
        envelope.is_envelope(data[:64])


@quick
@given(
    entry=st.builds(
        dict, method=st.integers(0, 0xFFFF), crc=st.integers(0, 2**32 - 1), size=st.integers(0, 2**32 - 1)
    )
)
def test_lies_told_alike_in_both_headers(entry: dict[str, int], corpus: Corpus):
    seed = corpus["newer"]
    made = spoil_zip.read(seed.data)
    for number in range(0, len(made), 5):
        lying = list(made)
        lying[number] = spoil_zip.replace(made[number], **entry)
        with pytest.raises(VerificationError):
            open_package(Path("x.xlsx"), [seed.root], content=spoil_zip.write(lying))


XML_PIECES = st.sampled_from(
    [
        b"<", b">", b"/>", b"</", b'"', b"'", b"=", b" ", b"\n", b"&", b"&#10;", b"&amp;", b"<!--",
        b"-->", b"<?", b"?>",
        b"<![CDATA[", b"]]>", b"xmlns", b":", b"Id", b"Type", b"Target", b"Relationship",
        b"Relationships", b"a", b"\x00",
        b"\xff", "民".encode(), b"<?xml ", b"<!DOCTYPE a>", b"<row>", b"<f>", b'r:id="x"',
    ]
)  # fmt: skip


@quick
@given(pieces=st.lists(XML_PIECES, max_size=12), at=st.floats(0, 1))
def test_pieces_of_markup_anywhere(pieces: list[bytes], at: float, corpus: Corpus):
    seed = corpus["newer"]
    for part in (opc.SIGNATURE, opc.ROOT_RELS, opc.PAYLOAD_RELS, opc.CONTENT_TYPES, opc.WORKBOOK):
        data = seed.parts[part]
        place = int(at * len(data))
        changed = data[:place] + b"".join(pieces) + data[place:]
        try:
            if part == opc.SIGNATURE:
                values, form = signature_xml.read(changed, part)
                assert form.whole == changed and values
            elif part.endswith(".rels"):
                assert opc.relationships(opc.read_relationships(part, changed)) == changed
            elif part == opc.WORKBOOK:
                check_workbook_part(part, changed)
        except VerificationError as error:
            assert error.rule in (1, 4, 5, 6, 8)


LINE_PIECES = st.sampled_from(
    [
        b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0061", b"1", b"-", b".5", b"e9", b"null",
        b"true", b"n", b" ",
        b"\t", b"\n", b"\r", b"\x00", b"\xff", "数".encode(), b'"n":2,', b'"kind":"plan",', b'{"a":1}',
        b"9" * 30, b"NaN",
    ]
)  # fmt: skip


@quick
@given(pieces=st.lists(LINE_PIECES, max_size=8), at=st.floats(0, 1), size=st.integers(0, 6))
def test_pieces_of_json_anywhere(pieces: list[bytes], at: float, size: int, corpus: Corpus):
    seed = corpus["newer"]
    for part in (opc.PAYLOAD, next(name for name in seed.parts if name.startswith(opc.JOURNALS))):
        data = seed.parts[part]
        place = int(at * len(data))
        changed = data[:place] + b"".join(pieces) + data[place + size :]
        try:
            if part == opc.PAYLOAD:
                forward.read_manifest(changed)
            else:
                found = entries.check_entries(part, changed)
                assert len(found) == changed.count(b"\n")
        except VerificationError as error:
            assert error.rule in (0, 3, 10)


@quick
@given(at=st.floats(0, 0.999), value=st.integers(0, 255), extra=st.binary(max_size=3))
def test_any_change_of_a_certificate(at: float, value: int, extra: bytes, corpus: Corpus):
    der = corpus["month"].signer.chain[0]
    place = int(at * len(der))
    changed = der[:place] + bytes([value]) + extra + der[place + 1 :]
    with warnings.catch_warnings():
        # The library warns of odd serial numbers; here they are meant to be odd.
        warnings.simplefilter("ignore")
        try:
            certificates.info(changed)
        except TrustError as error:
            assert error.what


@quick
@given(at=st.floats(0, 0.999), value=st.integers(0, 255), cut=st.booleans())
def test_any_change_of_a_sealed_record(at: float, value: int, cut: bool, corpus: Corpus):
    signer = corpus["month"].signer
    record = sealing.seal_record({"name": "张三"}, [signer.chain[0]])
    place = int(at * len(record.blob))
    changed = record.blob[:place] + (b"" if cut else bytes([value]) + record.blob[place + 1 :])
    assume(changed != record.blob)
    try:
        assert sealing.open_record(changed, signer.private_key, record.hash) == {"name": "张三"}
    except TrustError as error:
        assert error.what and error.next_step


@quick
@given(blob=st.binary(max_size=60), pem=st.booleans(), at=st.floats(0, 1))
def test_any_bytes_as_a_request_for_a_certificate(
    blob: bytes, pem: bool, at: float, corpus: Corpus, tmp_path: Path
):
    from desktop_app.core.operations import granting, keyring

    request = certificates.make_request(corpus["month"].signer.private_key, "desk", good.TOWN, "枫桥镇")
    place = int(at * len(request)) if pem else 0
    path = tmp_path / "x.req"
    path.write_bytes(request[:place] + blob + request[place:] if pem else blob)
    for read in (
        lambda: granting.asked_by(granting.request_of(path)),
        lambda: keyring.split_pem(path.read_bytes()),
    ):
        try:
            read()
        except (InputError, TrustError, VerificationError) as error:
            assert error.what and error.next_step


# -- kept examples ---------------------------------------------------------------------------------------------------


def test_relationships_in_another_order_are_refused(corpus: Corpus):
    """Found by the loop: the signature's transform sorts relationships,
    so their order was anybody's to change."""
    seed = corpus["month"]
    rels = "xl/_rels/workbook.xml.rels"
    found = re.findall(rb"<Relationship .*?/>", seed.parts[rels])
    other = seed.parts[rels].replace(found[0] + found[1], found[1] + found[0])
    with pytest.raises(VerificationError) as caught:
        open_package(Path("x.xlsx"), [seed.root], content=write(seed.parts | {rels: other}))
    assert caught.value.rule == 4


def test_seeds_are_good(corpus: Corpus):
    assert len({seed.name for seed in corpus.seeds}) == len(corpus.seeds) >= 10
    for seed in corpus.seeds:
        with open_package(Path("x.xlsx"), [seed.root], content=seed.data) as package:
            assert package.state.startswith("valid"), (seed.name, package.reason)
        assert spoil_zip.write(spoil_zip.read(seed.data)) == seed.data
        assert corpora.parts_of(seed.data) == seed.parts
        assert ZipReader(io.BytesIO(seed.data)).entries.keys() == seed.parts.keys()


def test_harmless_changes_stay_harmless(corpus: Corpus):
    """Packed otherwise, the parts are the same, and so is the package."""
    seed = corpus["forwarded"]
    for number in range(5):
        changed = spoil_zip.packed_otherwise(random.Random(number), spoil_zip.read(seed.data))
        assert changed != seed.data
        with open_package(Path("x.xlsx"), [seed.root], content=changed) as package:
            assert package.state == "valid"
