"""Certificates for brokers on 127.0.0.1: whoever trusts `authority.pem` trusts `broker.pem`.

They are valid until 2120; the authority's own key was thrown away, so it signs no others.
"""

from pathlib import Path

AUTHORITY = Path(__file__).parent / "authority.pem"
CERTIFICATE = Path(__file__).parent / "broker.pem"
KEY = Path(__file__).parent / "broker-key.pem"
