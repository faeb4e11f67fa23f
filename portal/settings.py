"""Every setting of the site: its name, default and meaning."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Settings:
    """Each field is read from `PORTAL_<NAME>`; the defaults need no set-up at all."""

    data_dir: Path = ROOT / "instance"
    """Where the database file, the uploads and the secret live."""
    database_url: str = ""
    """SQLAlchemy address, for example postgresql+psycopg://…; empty: a SQLite file in `data_dir`."""
    secret_key: str = ""
    """Signs cookies and keys hashes; empty: made once and kept in `data_dir`."""
    base_url: str = ""
    """How residents reach the site, for links in messages, for example https://portal.example.cn."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only; set it wherever the site is reached by HTTPS."""
    trusted_proxies: int = 0
    """How many reverse proxies in front set X-Forwarded-* headers."""
    default_language: str = "zh-Hans"
    """For readers whose browser asks for none of ours."""
    demo: bool = False
    """Demo data, one-tap sign-in links, messages shown in the terminal. Never for real residents."""
    deliver: bool = True
    """Deliver messages and refresh summaries from a thread of the server; else run `portal deliver`."""
    threads: int = 8
    """Worker threads of the server."""
    sms_sender: str = "console"
    """`console`, `gateway` or `none`."""
    sms_gateway_url: str = ""
    """Where the gateway takes a signed JSON message by POST."""
    sms_gateway_key: str = ""
    """Key of the HMAC-SHA256 signature of each message."""
    smtp_host: str = ""
    """Mail server; empty: no mail."""
    smtp_port: int = 587
    """Its port; STARTTLS is used where it offers it."""
    smtp_user: str = ""
    """Login there; empty: none is needed."""
    smtp_password: str = ""
    """Password there."""
    smtp_from: str = ""
    """Sender's address of every mail."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, **given: Any) -> "Settings":
        """Settings from `environment`; `given` ones win. Raises ValueError naming the bad variable."""
        values = {
            field.name: _parse(field.type, f"PORTAL_{field.name.upper()}", environment)
            for field in fields(cls)
            if f"PORTAL_{field.name.upper()}" in environment
        }
        return cls(**(values | given)).completed()

    def completed(self) -> "Settings":
        """These settings with the database's address and the secret filled in."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        changes = {
            "database_url": _psycopg(self.database_url) or f"sqlite:///{self.data_dir / 'portal.sqlite3'}",
            "secret_key": self.secret_key or _kept_secret(self.data_dir / "secret"),
        }
        return Settings(**({f.name: getattr(self, f.name) for f in fields(self)} | changes))

    def flask_config(self) -> dict[str, Any]:
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SESSION_COOKIE_NAME": "portal",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": 90 * 24 * 3600,
            "MAX_CONTENT_LENGTH": 30 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
            "COMPRESS_BR_LEVEL": 4,
            "COMPRESS_LEVEL": 5,
            "SETTINGS": self,
        }


def _parse(kind: Any, name: str, environment: Mapping[str, str]) -> Any:
    text = environment[name]
    if kind is bool:
        if text.lower() not in ("0", "1", "true", "false", ""):
            raise ValueError(f"{name} must be 1 or 0, not {text!r}")
        return text.lower() in ("1", "true")
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{name} must be {kind.__name__}, not {text!r}") from None


def _psycopg(url: str) -> str:
    """Plain postgres addresses, as other tools write them, mean our driver."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
