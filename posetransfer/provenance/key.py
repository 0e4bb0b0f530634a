"""The key that signs made videos: drawn at the first signing, kept in the user's own folder, never sent anywhere."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from posetransfer.errors import OutOfSpace
from posetransfer.places import home

CHAIN, ANCHOR, PRIVATE = "chain.pem", "anchor.pem", "private.pem"
YEARS: Final = 20


@dataclass(frozen=True)
class Certificates:
    """PEM blocks. chain: the signer's certificate and the authority's; anchor: the authority's; private: the key."""

    chain: bytes
    anchor: bytes
    private: bytes


def certificates() -> Certificates:
    """This machine's key and certificates, made if there are none. Raises OutOfSpace if they cannot be kept."""
    folder = home() / "credentials"
    try:
        if not folder.is_dir():
            _keep(_draw(), folder)
        return Certificates(*((folder / name).read_bytes() for name in (CHAIN, ANCHOR, PRIVATE)))
    except OSError as error:
        raise OutOfSpace(f"The signing key could not be kept in {folder}: {error.strerror}.") from error


def _keep(drawn: Certificates, folder: Path) -> None:
    """Write the three files, readable by this user alone; of two processes at once the first one's stand."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent))
    for name, block in ((CHAIN, drawn.chain), (ANCHOR, drawn.anchor), (PRIVATE, drawn.private)):
        (made / name).touch(mode=0o600)
        (made / name).write_bytes(block)
    try:
        made.rename(folder)
    except OSError:
        shutil.rmtree(made)
        if not folder.is_dir():
            raise


def _draw() -> Certificates:
    """A new authority and a signer under it, on the curve P-256, with the extensions that C2PA asks for."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name, name = _name("posetransfer local authority"), _name("posetransfer on this machine")
    authority_id = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        _certificate(authority_name, authority_name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(authority_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    signer = (
        _certificate(name, authority_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_id), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    anchor = authority.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Certificates(signer.public_bytes(serialization.Encoding.PEM) + anchor, anchor, private)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "posetransfer"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * YEARS))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
