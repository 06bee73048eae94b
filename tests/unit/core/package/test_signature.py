"""Our signature, checked by other people's code: lxml's C14N, xmlsec, OpenSSL."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from lxml import etree

from desktop_app.core.package import opc
from desktop_app.core.package.opc import Relationship

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture(params=["p256", "rsa-3072"])
def signed(request: pytest.FixtureRequest, good: ModuleType, month: Any, tmp_path: Path) -> zipfile.ZipFile:
    city = good.City(request.param)
    month.write(tmp_path / "a.xlsx", city.signer())
    return zipfile.ZipFile(tmp_path / "a.xlsx")


def c14n(element: etree._Element) -> bytes:
    # Parsed anew, since lxml canonicalises a piece of a tree wrongly (it resets the default namespace in places).
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    return etree.tostring(alone, method="c14n", exclusive=False, with_comments=False)


def test_digests_and_value_by_lxml_and_openssl(signed: zipfile.ZipFile):
    root = etree.fromstring(signed.read(opc.SIGNATURE))
    by_id = {element.get("Id"): element for element in root.iter() if element.get("Id")}
    info = root.find(f"{DSIG}SignedInfo")
    assert info is not None
    references = info.findall(f"{DSIG}Reference")
    assert [reference.get("URI") for reference in references] == [
        "#idPackageObject",
        "#idOfficeObject",
        "#idSignedProperties",
    ]
    for reference in references:
        target = by_id[(reference.get("URI") or "")[1:]]
        digest = base64.b64encode(hashlib.sha256(c14n(target)).digest()).decode()
        assert reference.findtext(f"{DSIG}DigestValue") == digest
    leaf = next(root.iter(f"{DSIG}X509Certificate")).text
    key = x509.load_der_x509_certificate(base64.b64decode(leaf or "")).public_key()
    value = base64.b64decode(root.findtext(f"{DSIG}SignatureValue") or "")
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(value, c14n(info), padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        r, s = int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")
        key.verify(utils.encode_dss_signature(r, s), c14n(info), ec.ECDSA(hashes.SHA256()))
    signed.close()


def test_every_part_is_listed_with_its_digest(signed: zipfile.ZipFile):
    root = etree.fromstring(signed.read(opc.SIGNATURE))
    manifest = root.find(f"{DSIG}Object/{DSIG}Manifest")
    assert manifest is not None
    listed = {}
    for reference in manifest:
        name, _mark, _type = (reference.get("URI") or "").partition("?ContentType=")
        listed[name[1:]] = reference
    expected = set(signed.namelist()) - opc.UNSIGNED
    assert set(listed) == expected
    for name, reference in listed.items():
        data = signed.read(name)
        if name.endswith(".rels"):
            data = transformed_by_lxml(
                data, [item.get("SourceId") for item in reference.iter() if item.get("SourceId")]
            )
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        assert reference.findtext(f"{DSIG}DigestValue") == digest, name
    signed.close()


def transformed_by_lxml(data: bytes, ids: list[Any]) -> bytes:
    """The relationships transform of OPC Part 2, 13.2.4.24, once more and in another way."""
    root = etree.fromstring(data)
    kept = sorted((item for item in root if item.get("Id") in ids), key=lambda item: item.get("Id"))
    for item in list(root):
        root.remove(item)
    root.text = None
    for item in kept:
        item.tail = None
        item.set("TargetMode", item.get("TargetMode", "Internal"))
        root.append(item)
    return c14n(root)


class _Parts:
    """Hands the parts of a zip to xmlsec, which asks for them by the Manifest's URIs."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.asked: list[str] = []

    def match(self, uri: bytes) -> bool:
        return uri.startswith(b"/")

    def open(self, uri: bytes) -> io.BytesIO:
        name = uri.decode().partition("?")[0][1:]
        self.asked.append(name)
        return io.BytesIO(self.archive.read(name))

    def read(self, handle: io.BytesIO, buffer: memoryview) -> int:
        return handle.readinto(buffer)

    def close(self, handle: io.BytesIO) -> None:
        handle.close()


def test_xmlsec_verifies_signature_and_parts(signed: zipfile.ZipFile):
    """xmlsec knows the relationships transform too, so it follows the Manifest into every part."""
    import xmlsec

    parts = _Parts(signed)
    xmlsec.cleanup_callbacks()  # The ones for files would take the names first.
    xmlsec.register_callbacks(parts.match, parts.open, parts.read, parts.close)
    try:
        root = etree.fromstring(signed.read(opc.SIGNATURE))
        leaf = base64.b64decode(next(root.iter(f"{DSIG}X509Certificate")).text or "")

        def verify() -> None:
            xmlsec.tree.add_ids(root, ["Id"])
            context = xmlsec.SignatureContext()
            context.key = xmlsec.Key.from_memory(leaf, xmlsec.constants.KeyDataFormatCertDer, None)
            context.verify(root)

        verify()
        assert set(parts.asked) == set(signed.namelist()) - opc.UNSIGNED
        value = root.find(f"{DSIG}SignatureValue")
        assert value is not None
        value.text = "AAAA" + (value.text or "")[4:]
        with pytest.raises(xmlsec.Error):
            verify()
    finally:
        xmlsec.cleanup_callbacks()
        xmlsec.register_default_callbacks()
        signed.close()


def test_relationships_sort_as_text():
    items = [Relationship(f"rId{number}", "urn:x", f"a{number}") for number in (10, 9, 1)]
    assert opc.transformed(items) == transformed_by_lxml(
        opc.relationships(items), [item.id for item in items]
    )
    assert opc.transformed(items).index(b"rId10") < opc.transformed(items).index(b"rId9")


@pytest.mark.parametrize(
    ("rels", "target", "part"),
    [
        ("_rels/.rels", "xl/workbook.xml", "xl/workbook.xml"),
        ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/worksheets/_rels/sheet1.xml.rels", "../drawings/drawing1.xml", "xl/drawings/drawing1.xml"),
        ("taizhang/_rels/payload.json.rels", "/taizhang/journal/a.jsonl", "taizhang/journal/a.jsonl"),
        ("_rels/.rels", "../x", ""),
        ("xl/_rels/workbook.xml.rels", "../../x", ""),
    ],
)
def test_targets(rels: str, target: str, part: str):
    assert opc.resolve(rels, target) == part


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "a/../b",
        "./a",
        "a/.",
        "a b",
        "a\\b",
        "表",
        "a:b",
        "a%2e",
        "a./b",
        "a" * 201,
        "...",
    ],
)
def test_unsafe_names(name: str):
    assert not opc.is_safe_name(name)
