"""A certificate authority of the factory's own, and the server's certificate from it; made where they are missing."""

import ipaddress
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sync_server.errors import StartFault

AUTHORITY_DAYS = 3_650
CERTIFICATE_DAYS = 397
"""The longest that browsers accept."""

RENEW_BEFORE_DAYS = 30
BACKDATED = timedelta(days=1)
"""Tablets' clocks are not exact."""


@dataclass(frozen=True)
class CertificateFiles:
    """Where a certificate and its key lie, in PEM."""

    certificate: Path
    key: Path


def ensure_authority(folder: Path, now_us: int) -> CertificateFiles:
    """The authority that tablets are told to trust; made once, because every tablet would have to be told again."""
    files = CertificateFiles(folder / "mumen-ca.crt", folder / "mumen-ca.key")
    if files.certificate.exists() and files.key.exists():
        return files
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Mumen 木门 factory CA"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mumen"),
        ]
    )
    now = _moment(now_us)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(files, key, certificate)
    return files


def ensure_certificate(
    folder: Path, authority: CertificateFiles, names: Sequence[str], now_us: int
) -> CertificateFiles:
    """The server's certificate for these host names and addresses; renewed a month early, or when they change."""
    files = CertificateFiles(folder / "server.crt", folder / "server.key")
    if files.certificate.exists() and files.key.exists() and _is_good(files.certificate, names, now_us):
        return files
    signer = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    signing_key = serialization.load_pem_private_key(authority.key.read_bytes(), None)
    if not isinstance(signing_key, ec.EllipticCurvePrivateKey):
        raise StartFault(f"{authority.key} 不是本机生成的密钥。", f"{authority.key} is not the key that was made here.")
    key, now = ec.generate_private_key(ec.SECP256R1()), _moment(now_us)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])]))
        .issuer_name(signer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .sign(signing_key, hashes.SHA256())
    )
    _write(files, key, certificate)
    return files


def given_certificate(certificate: Path | None, key: Path | None) -> CertificateFiles | None:
    """A certificate that somebody else made, and its key, if both are given and belong together.

    Raises a `StartFault`.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise StartFault("--cert 和 --key 要一起给。", "--cert and --key belong together.")
    for file in (certificate, key):
        if not file.is_file():
            raise StartFault(f"没有这个文件：{file}", f"There is no file {file}.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        raise StartFault(
            f"{certificate} 和 {key} 不是一对 PEM 证书和密钥，或密钥有密码：{error}。",
            f"{certificate} and {key} are no PEM certificate and its key, or the key has a password: {error}.",
        ) from error
    return CertificateFiles(certificate, key)


def fingerprint(certificate: Path) -> str:
    """The SHA-256 of a certificate in pairs of hex digits, as tablets show it."""
    digest = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _is_good(certificate: Path, names: Sequence[str], now_us: int) -> bool:
    known = x509.load_pem_x509_certificate(certificate.read_bytes())
    held = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = known.not_valid_after_utc - _moment(now_us) > timedelta(days=RENEW_BEFORE_DAYS)
    return lasts and list(held) == [_general_name(name) for name in names]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(files: CertificateFiles, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """The key first, readable by its owner only."""
    files.key.parent.mkdir(parents=True, exist_ok=True)
    files.key.unlink(missing_ok=True)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(files.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _moment(now_us: int) -> datetime:
    return datetime.fromtimestamp(now_us // 1_000_000, UTC)
