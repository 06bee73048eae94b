"""Keys, certificates, chains: what is granted, what is accepted, what is refused."""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from desktop_app.core.errors import StorageError, TrustError, WrongPassphrase
from desktop_app.core.trust import certificates, chain, keys
from desktop_app.core.trust.chain import ChainError
from desktop_app.core.trust.fingerprint import fingerprint, same_fingerprint, spoken
from desktop_app.core.trust.signing import ECDSA_SHA256, RSA_SHA256, Signer, is_signed

AT = dt.datetime(2024, 1, 10, tzinfo=dt.UTC)
CITY, COUNTY, TOWN = "340400", "340421", "340421100"


class Offices:
    """A city's root, a county's CA, a township's desk."""

    def __init__(self, kind: keys.KeyKind) -> None:
        self.root_key, self.ca_key, self.desk_key = (keys.generate(kind) for _number in range(3))
        self.root = certificates.make_root(self.root_key, CITY, "云溪市", 20, at=AT)
        self.ca = self.grant("ca", self.ca_key, COUNTY, "云溪县", self.root_key, self.root)
        self.desk = self.grant("desk", self.desk_key, TOWN, "枫桥镇", self.ca_key, self.ca)
        self.chain = [self.desk, self.ca, self.root]

    @staticmethod
    def grant(
        role: Any, key: Any, code: str, name: str, issuer_key: Any, issuer: bytes, **more: Any
    ) -> bytes:
        request = certificates.make_request(key, role, code, name)
        return certificates.certify(request, issuer_key, issuer, role, code, name, at=AT, **more)


@pytest.fixture(scope="module", params=["p256", "rsa-3072"])
def offices(request: pytest.FixtureRequest) -> Offices:
    return Offices(request.param)


@pytest.fixture(scope="module")
def quick() -> Offices:
    return Offices("p256")


def test_chain_holds(offices: Offices):
    checked = chain.check(offices.chain, [offices.root])
    assert checked.trusted
    assert (checked.leaf.code, checked.leaf.name, checked.leaf.role) == (TOWN, "枫桥镇", "desk")
    assert [info.role for info in checked.infos] == ["desk", "ca", "root"]
    assert checked.leaf.issuer == checked.infos[1].fingerprint == fingerprint(offices.ca)
    assert checked.leaf.not_before == "2024-01-09T00:00:00+00:00"
    assert not chain.check(offices.chain, []).trusted
    assert chain.check(offices.chain, [certificates.to_pem(offices.root)]).trusted
    # The intermediate is not a root, even where somebody pinned it.
    assert not chain.check(offices.chain, [offices.ca]).trusted


def test_desk_directly_below_the_root(quick: Offices):
    desk = quick.grant("desk", quick.desk_key, CITY, "云溪市", quick.root_key, quick.root)
    assert chain.check([desk, quick.root], [quick.root]).trusted


def test_key_usage_by_role_and_kind(offices: Offices):
    usage = {
        name: certificates.load(der).extensions.get_extension_for_class(x509.KeyUsage).value
        for name, der in (("desk", offices.desk), ("ca", offices.ca), ("root", offices.root))
    }
    assert usage["desk"].digital_signature and not usage["desk"].key_cert_sign
    assert usage["desk"].key_encipherment is isinstance(offices.desk_key, rsa.RSAPrivateKey)
    assert usage["desk"].key_agreement is isinstance(offices.desk_key, ec.EllipticCurvePrivateKey)
    for name in ("ca", "root"):
        assert usage[name].key_cert_sign and usage[name].crl_sign and not usage[name].digital_signature


def test_long_names_are_shortened_in_the_certificate_only(quick: Offices):
    name = "云溪县住房和城乡建设局工程质量安全监督站办公室" * 3
    der = quick.grant("desk", quick.desk_key, TOWN, name, quick.ca_key, quick.ca)
    assert chain.check([der, quick.ca, quick.root], [quick.root]).leaf.name == name[:64]
    common = certificates.load(der).subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert len(str(common).encode()) <= 64
    assert name.startswith(str(common))


@pytest.mark.parametrize("code", ["", "340421/1", "../x", "a b", "县", "x" * 65, "-1"])
def test_codes_that_cannot_stand_in_names(code: str, quick: Offices):
    with pytest.raises(TrustError):
        certificates.make_request(quick.desk_key, "desk", code, "x")


def test_end_is_never_later_than_the_issuers(quick: Offices):
    der = quick.grant("desk", quick.desk_key, TOWN, "枫桥镇", quick.ca_key, quick.ca, days=365 * 50)
    assert certificates.load(der).not_valid_after_utc == certificates.load(quick.ca).not_valid_after_utc


def test_wrong_orders_and_gaps(quick: Offices):
    city_desk = quick.grant("desk", quick.desk_key, CITY, "云溪市", quick.root_key, quick.root)
    other = Offices("p256")
    for wrong in (
        [],
        [quick.desk],
        [quick.desk, quick.root],
        [quick.desk, quick.root, quick.ca],
        [quick.desk, quick.ca],
        [quick.ca, quick.root],
        [quick.root],
        [city_desk, quick.ca, quick.root],
        [quick.desk, quick.ca, other.root],
        [quick.desk, other.ca, other.root],
        [quick.desk, quick.ca, quick.ca, quick.root],
        [b"garbage", quick.ca, quick.root],
        [quick.desk[:-1], quick.ca, quick.root],
        [quick.desk + b"\0", quick.ca, quick.root],
    ):
        with pytest.raises(ChainError) as caught:
            chain.check(wrong, [quick.root])
        assert caught.value.what and caught.value.next_step


class Forge:
    """Certificates that a genuine issuer would never make, each wrong in one thing."""

    def __init__(self, offices: Offices) -> None:
        self.offices = offices

    def desk(
        self,
        *,
        leave: tuple[type, ...] = (),
        ca: bool = False,
        length: int | None = None,
        critical: bool = True,
        sign_certificates: bool = False,
        digital: bool = True,
        uri: str = f"urn:taizhang:unit:{TOWN}",
        role: str = "desk",
        serial: str = TOWN,
        key: Any = None,
        algorithm: hashes.HashAlgorithm | None = None,
        extra: x509.ExtensionType | None = None,
        role_of_issuer: str = "ca",
    ) -> bytes:
        issuer = certificates.load(getattr(self.offices, role_of_issuer))
        issuer_key = getattr(self.offices, f"{role_of_issuer}_key")
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "枫桥镇"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, serial),
            ]
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject)
            .public_key((key or self.offices.desk_key).public_key())
            .serial_number(7)
            .not_valid_before(AT)
            .not_valid_after(AT + dt.timedelta(days=9))
        )
        usage = x509.KeyUsage(digital, False, False, False, False, sign_certificates, False, False, False)
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=ca, path_length=length), critical),
            (usage, True),
            (x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri)]), False),
        ]
        if extra is not None:
            extensions.append((extra, True))
        for extension, is_critical in extensions:
            if not isinstance(extension, leave):
                builder = builder.add_extension(extension, critical=is_critical)
        made = builder.sign(issuer_key, algorithm or hashes.SHA256())
        return made.public_bytes(serialization.Encoding.DER)


def test_forge_itself_makes_good_ones(quick: Offices):
    assert chain.check([Forge(quick).desk(), quick.ca, quick.root], [quick.root]).trusted


@pytest.mark.parametrize(
    "wrong",
    [
        {"leave": (x509.BasicConstraints,)},
        {"leave": (x509.KeyUsage,)},
        {"leave": (x509.SubjectAlternativeName,)},
        {"ca": True},
        {"ca": True, "length": 0},
        {"critical": False},
        {"sign_certificates": True},
        {"digital": False},
        {"uri": "urn:taizhang:unit:340421101"},
        {"uri": "https://example.com"},
        {"role": "ca"},
        {"role": "root"},
        {"role": "boss"},
        {"serial": "340421101"},
        {"algorithm": hashes.SHA384()},
        {"extra": x509.PolicyConstraints(0, None)},
    ],
    ids=str,
)
def test_certificates_that_are_wrong_in_one_thing(wrong: dict[str, Any], quick: Offices):
    with pytest.raises(ChainError):
        chain.check([Forge(quick).desk(**wrong), quick.ca, quick.root], [quick.root])


@pytest.mark.parametrize("key", ["rsa-2048", "p384"])
def test_weak_and_other_keys(key: str, quick: Offices):
    made: Any = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if key == "rsa-2048"
        else ec.generate_private_key(ec.SECP384R1())
    )
    assert not keys.is_allowed(made)
    with pytest.raises(ChainError):
        chain.check([Forge(quick).desk(key=made), quick.ca, quick.root], [quick.root])
    with pytest.raises(TrustError):
        certificates.make_request(made, "desk", TOWN, "枫桥镇")


def test_county_ca_cannot_make_a_ca(quick: Offices):
    request = certificates.make_request(quick.desk_key, "ca", TOWN, "枫桥镇")
    with pytest.raises(TrustError):
        certificates.certify(request, quick.ca_key, quick.ca, "ca", TOWN, "枫桥镇")
    with pytest.raises(TrustError):
        certificates.certify(request, quick.desk_key, quick.desk, "desk", TOWN, "枫桥镇")
    with pytest.raises(TrustError):
        certificates.certify(request, quick.root_key, quick.root, "root", TOWN, "枫桥镇")
    with pytest.raises(TrustError):
        certificates.certify(request, quick.root_key, quick.ca, "desk", TOWN, "枫桥镇")
    # And one made by other means is not accepted in the middle of a chain.
    forged = Forge(quick).desk(role="ca", ca=True, length=0, sign_certificates=True, digital=False)
    below = quick.grant("desk", quick.desk_key, TOWN, "枫桥镇", quick.ca_key, quick.ca)
    with pytest.raises(ChainError):
        chain.check([below, forged, quick.root], [quick.root])


def test_provisional_certificate(quick: Offices):
    der = certificates.make_provisional(quick.desk_key, TOWN, "枫桥镇", at=AT)
    checked = chain.check([der], [quick.root, der])
    assert not checked.trusted
    signer = Signer(quick.desk_key, [der])
    assert not signer.certified
    assert signer.unit == TOWN


def test_validity_is_a_note(quick: Offices):
    checked = chain.check(quick.chain, [quick.root])
    assert chain.validity_note(checked, AT) == ""
    assert "早于" in chain.validity_note(checked, AT - dt.timedelta(days=30))
    assert "晚于" in chain.validity_note(checked, AT + dt.timedelta(days=365 * 6))


# --- requests ------------------------------------------------------------------------------------------------------


def test_request_says_who_asks(quick: Offices):
    request = certificates.make_request(quick.desk_key, "desk", TOWN, "枫桥镇")
    said = certificates.read_request(request)
    assert (said.code, said.name, said.role) == (TOWN, "枫桥镇", "desk")
    assert said.fingerprint == certificates.key_fingerprint(quick.desk_key.public_key())
    assert len(said.spoken.split()) == 8


def test_altered_requests_are_refused(quick: Offices):
    der = x509.load_pem_x509_csr(
        certificates.make_request(quick.desk_key, "desk", TOWN, "枫桥镇")
    ).public_bytes(serialization.Encoding.DER)
    altered = der.replace(TOWN.encode(), b"340421101")
    for wrong in (altered, der[:-3], b"", b"hello", b"-----BEGIN CERTIFICATE REQUEST-----"):
        with pytest.raises(TrustError):
            certificates.read_request(wrong)


def test_issuer_decides_who_it_is_for(quick: Offices):
    request = certificates.make_request(quick.desk_key, "desk", "999999", "冒名镇")
    der = certificates.certify(request, quick.ca_key, quick.ca, "desk", TOWN, "枫桥镇", at=AT)
    assert certificates.info(der).code == TOWN


# --- fingerprints --------------------------------------------------------------------------------------------------


def test_spoken_form(quick: Offices):
    said = spoken(fingerprint(quick.root))
    assert len(said.split()) == 8
    assert all(len(group) == 4 and group.isdigit() for group in said.split())
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in said)
    full = fingerprint(quick.root)
    colons = ":".join(full[at : at + 2] for at in range(0, 64, 2)).upper()
    for typed in (said, said.replace(" ", ""), said.replace(" ", "-"), f" {wide} ", said.replace(" ", ",")):
        assert same_fingerprint(typed, quick.root)
    assert same_fingerprint(full, quick.root) and same_fingerprint(colons, quick.root)
    assert same_fingerprint(said, full)
    for typed in ("", said[:-1], said.rsplit(" ", 1)[0], full[:32], spoken(fingerprint(quick.ca)), "1" * 32):
        assert not same_fingerprint(typed, quick.root)


# --- keys ----------------------------------------------------------------------------------------------------------


def test_key_at_rest(offices: Offices, tmp_path: Path):
    path = tmp_path / "deep" / "desk.key"
    keys.save(offices.desk_key, path, "口令demo")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    loaded = keys.load(path, "口令demo")
    assert loaded.public_key() == offices.desk_key.public_key()
    assert [entry.name for entry in path.parent.iterdir()] == ["desk.key"]
    with pytest.raises(WrongPassphrase):
        keys.load(path, "口令demo1")
    keys.change_passphrase(path, "口令demo", "new one")
    with pytest.raises(WrongPassphrase):
        keys.load(path, "口令demo")
    keys.load(path, "new one")


def test_key_files_that_are_none(quick: Offices, tmp_path: Path):
    path = tmp_path / "k"
    with pytest.raises(StorageError):
        keys.load(path, "demo")
    good = keys.encrypted(quick.desk_key, "demo")
    plain = quick.desk_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    greedy = good.replace(b"n=32768", b"n=8388608")
    for wrong in (b"", b"hello", plain, greedy, good.replace(b"n=32768", b"n=3")):
        path.write_bytes(wrong)
        with pytest.raises(TrustError):
            keys.load(path, "demo")
    path.write_bytes(good[:-80] + b"A" * 40 + good[-40:])
    with pytest.raises(TrustError):
        keys.load(path, "demo")
    with pytest.raises(TrustError):
        keys.encrypted(quick.desk_key, "abc")


def test_encrypted_key_of_another_program_opens(quick: Offices):
    pem = quick.desk_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"demo"),
    )
    assert keys.opened(pem, "demo").public_key() == quick.desk_key.public_key()


def test_private_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "k"
    keys.write_private(path, b"old")

    def replace(_source: Any, _target: Any) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(keys.os, "replace", replace)
    with pytest.raises(StorageError):
        keys.write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["k"]


# --- signing -------------------------------------------------------------------------------------------------------


def test_signer(offices: Offices):
    signer = Signer(offices.desk_key, offices.chain)
    value = signer.sign(b"data")
    key = offices.desk_key.public_key()
    assert signer.sign(b"data") == value
    assert is_signed(key, b"data", value)
    assert not is_signed(key, b"date", value)
    assert not is_signed(key, b"data", value[:-1])
    assert not is_signed(key, b"data", b"")
    is_rsa = isinstance(offices.desk_key, rsa.RSAPrivateKey)
    assert signer.algorithm == (RSA_SHA256 if is_rsa else ECDSA_SHA256)
    assert (signer.unit, signer.name, signer.certified) == (TOWN, "枫桥镇", True)


def test_signer_notices_what_nobody_would_accept(quick: Offices):
    with pytest.raises(TrustError):
        Signer(quick.ca_key, quick.chain)
    with pytest.raises(ChainError):
        Signer(quick.desk_key, [quick.desk])
