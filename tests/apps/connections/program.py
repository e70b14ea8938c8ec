"""Another program: it listens on this machine and answers as it is told."""

from __future__ import annotations

import contextlib
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Got:
    """What arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class Program:
    """Listens from the start. `answers` are the numbers to answer with, the last one for ever."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.got: list[Got] = []
        self.answers: list[int] = [200]
        self.more_headers: dict[str, str] = {}
        self.words = b"ok"
        self.silent = threading.Event()
        self.drips = False
        self._over = threading.Event()
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                program._take(self)

            def do_GET(self) -> None:
                program.got.append(Got(self.path, dict(self.headers), b"GET"))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self._server.handle_error = lambda *_given: None  # type: ignore[method-assign]
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?for=doorframe"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.got.append(Got(handler.path, headers, body))
        if self.silent.is_set():
            self._over.wait(30)
            return
        if self.drips:
            self._drip(handler)
            return
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        handler.send_response(status)
        for name, value in self.more_headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.words)))
        handler.end_headers()
        with contextlib.suppress(OSError):  # nobody may read what we say
            handler.wfile.write(self.words)

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        """A header that never ends, one byte at a time."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self._over.wait(0.05):
            try:
                handler.wfile.write(b"a")
                handler.wfile.flush()
            except OSError:
                return
