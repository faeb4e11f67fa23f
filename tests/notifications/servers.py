"""A gateway and a mail server that keep what they were sent."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class Kept:
    """What came in; `status` is what a gateway answers."""

    port: int = 0
    status: int = 200
    seen: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def _served(server: socketserver.BaseServer, kept: Kept) -> Iterator[Kept]:
    kept.port = server.server_address[1]  # type: ignore[index]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def a_gateway() -> Iterator[Kept]:
    """An SMS gateway on 127.0.0.1."""
    kept = Kept()

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.seen.append({"headers": dict(self.headers), "body": body})
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with _served(HTTPServer(("127.0.0.1", 0), Gateway), kept):
        yield kept


@contextmanager
def a_mail_server() -> Iterator[Kept]:
    """A mail server on 127.0.0.1 that takes everything."""
    kept = Kept()

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            mail: dict[str, Any] = {"to": "", "data": b""}
            self._say("220 ready")
            for line in iter(self.rfile.readline, b""):
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    self._say("354 go on")
                    mail["data"] = b"".join(iter(self.rfile.readline, b".\r\n"))
                    kept.seen.append(mail)
                elif word == b"RCPT":
                    mail["to"] = line.decode().strip()
                self._say("221 bye" if word == b"QUIT" else "250 ok")
                if word == b"QUIT":
                    return

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail), kept):
        yield kept
