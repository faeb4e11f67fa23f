"""Keys that the site's secret gives: one that signs, one for each open round that leads from a voter to her ballot."""

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from portal.accounts.secrets import keyed_hash
from portal.voting.models import Round


def public_key() -> str:
    """The key that checks what this site signs: 64 hex digits (Ed25519)."""
    return _signer().public_key().public_bytes_raw().hex()


def signed(text: str) -> str:
    """The site's signature over `text`: 128 hex digits, always the same for the same text."""
    return _signer().sign(text.encode()).hex()


def _signer() -> Ed25519PrivateKey:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(secret, b"open-count signing key", sha256))


def handle_of(round: Round, number: int) -> str:
    """Where the ballot of the voter with this number lies while the round is open. Raises LookupError once sealed."""
    if round.salt is None:
        raise LookupError("the way from voters to ballots is destroyed")
    return keyed_hash(f"ballot {round.salt}", str(number))
