"""Who may sign a broker's certificate."""

import shutil
import ssl
from pathlib import Path

import pytest

from hotline.broker import trust
from tests.tls import AUTHORITY, KEY


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that `SSL_CERT_FILE` names: it is not there yet."""
    path = tmp_path / "authorities.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return path


def test_links_share_what_was_read(file: Path) -> None:
    """A process with hundreds of links reads hundreds of authorities once."""
    shutil.copy(AUTHORITY, file)
    assert trust.tls_context() is trust.tls_context()


def test_what_has_changed_is_read_anew(file: Path) -> None:
    """A station that runs trusts a new authority from its next link on, and an old one no more."""
    assert trust.tls_context().cert_store_stats()["x509_ca"] == 0
    shutil.copy(AUTHORITY, file)
    assert trust.tls_context().cert_store_stats()["x509_ca"] == 1
    shutil.copy(KEY, file)
    assert trust.tls_context().cert_store_stats()["x509_ca"] == 0
    shutil.copy(AUTHORITY, file)
    assert trust.tls_context().cert_store_stats()["x509_ca"] == 1
    file.unlink()
    assert trust.tls_context().cert_store_stats()["x509_ca"] == 0


def test_another_file_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as it is named."""
    before = trust.tls_context()
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    assert trust.tls_context().cert_store_stats()["x509_ca"] == 1
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert trust.tls_context() is not before


def test_it_says_what_is_wrong_with_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not there, or is no such file, is no reason to name one."""
    assert trust.advice() == f"SSL_CERT_FILE={file} cannot be read: No such file or directory"
    shutil.copy(KEY, file)
    assert trust.advice() == f"SSL_CERT_FILE={file} holds no certificate in PEM"
    shutil.copy(AUTHORITY, file)
    named = "SSL_CERT_FILE=FILE names the authorities to trust"
    assert trust.advice() == named
    monkeypatch.delenv("SSL_CERT_FILE")
    assert trust.advice() == named


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "it ends TLS: handshake failure"),
        ("WRONG_VERSION_NUMBER", "no TLS is spoken there (WRONG_VERSION_NUMBER)"),
        ("", "no TLS is spoken there (its own words)"),
    ],
)
def test_what_is_wrong_with_tls_is_said(reason: str, says: str) -> None:
    """As the broker says it, if it speaks TLS; a certificate of ours is another matter."""
    error = ssl.SSLError(1, "its own words")
    error.reason = reason
    assert trust.why_no_tls(error) == says


@pytest.mark.parametrize(
    ("code", "says", "is_authority"),
    [
        (9, "certificate is not yet valid", False),
        (10, "certificate has expired", False),
        (18, "self-signed certificate", True),
        (20, "unable to get local issuer certificate", True),
        (62, "Hostname mismatch, certificate is not valid for 'a.example'.", False),
        (64, "IP address mismatch, certificate is not valid for '127.0.0.1'.", False),
    ],
)
def test_authorities_are_named_only_where_that_helps(
    code: int, says: str, *, is_authority: bool
) -> None:
    """Whoever has signed it, a certificate that is too old or another's stays so."""
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = code, says
    told = trust.why_not(error)
    assert told.removesuffix(f" ({trust.advice()})") == says.removesuffix(".")
    assert ("SSL_CERT_FILE" in told) is is_authority
