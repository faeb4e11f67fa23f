"""Style and script: two files, named by their content, compressed once at the start, kept by browsers for a year."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass

import brotli
from flask import Flask, Response, abort, request

from portal.rules.permissions import Deed
from portal.settings import ROOT
from portal.web.door import Guarded

STATIC = ROOT / "static"
BUNDLES = {
    "portal.css": ["portal.css"],
    "print.css": ["print.css"],
    "office.css": ["office.css"],
    "both.css": ["portal.css", "office.css"],
    "portal.js": ["vendor/htmx.min.js", "portal.js"],
    "bare.js": ["portal.js"],
}


@dataclass(frozen=True)
class Asset:
    """The bytes of one address, by content encoding."""

    kind: str
    encoded: dict[str, bytes]


def _bundle(parts: list[str]) -> bytes:
    return b"\n".join((STATIC / part).read_bytes() for part in parts)


def _asset(name: str, body: bytes) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(kind, {"br": brotli.compress(body), "gzip": gzip.compress(body, mtime=0), "": body})


def install(app: Flask) -> None:
    """Serve the bundles under /assets and give templates `asset(name)`, their address."""
    bodies = {name: _bundle(parts) for name, parts in BUNDLES.items()}
    addresses = {name: f"{hashlib.sha256(body).hexdigest()[:12]}.{name}" for name, body in bodies.items()}
    assets = {addresses[name]: _asset(name, body) for name, body in bodies.items()}
    bp = Guarded("assets", __name__, url_prefix="/assets")

    @bp.get("/<name>", deed=Deed.READ_PUBLIC)
    def show(name: str) -> Response:
        """Everyone's browser fetches style and script."""
        asset = assets.get(name) or abort(404)
        encoding = next((e for e in ("br", "gzip") if e in request.headers.get("Accept-Encoding", "")), "")
        answer = Response(asset.encoded[encoding], mimetype=asset.kind)
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer

    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = lambda name: f"/assets/{addresses[name]}"
