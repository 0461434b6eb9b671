"""A real local HTTP server that gives embeddings as OpenAI's address does."""

import json
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Embed = Callable[[str], Sequence[float]]


def by_letters(text: str) -> list[float]:
    """How often each letter stands in a text: like texts lie near each other."""
    return [float(text.lower().count(chr(97 + n))) for n in range(26)]


class EmbeddingServer:
    """Serve on a port of its own for the length of a `with` block."""

    def __init__(self, embed: Embed = by_letters, *, body: bytes | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.status = 200
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                request = json.loads(sent)
                server.asked.append({"path": self.path, **request})
                server.keys.append(self.headers.get("Authorization"))
                rows = [
                    {"object": "embedding", "index": n, "embedding": list(embed(text))}
                    for n, text in enumerate(request["input"])
                ]
                answer = {"object": "list", "data": rows[::-1]}
                reply = json.dumps(answer).encode() if body is None else body
                self.send_response(server.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def texts(self) -> list[str]:
        return [text for request in self.asked for text in request["input"]]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
