"""Hashes that only this site can make, and passwords."""

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

_hasher = PasswordHasher()


def keyed_hash(kind: str, value: str) -> str:
    """A hash of `value` that cannot be searched for without the site's secret."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_code(digits: int) -> str:
    return f"{secrets.randbelow(10**digits):0{digits}}"


def password_hash(password: str) -> str:
    return _hasher.hash(password)


def password_fits(kept: str | None, typed: str) -> bool:
    """Whether `typed` is the password; takes as long for an account that does not exist."""
    try:
        return _hasher.verify(kept or _of_nobody(), typed) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _of_nobody() -> str:
    return _hasher.hash(secrets.token_hex())
