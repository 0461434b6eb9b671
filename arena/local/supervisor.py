"""Keep the arena's processes alive, say what happens to them, stop them in order."""

import subprocess
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from arena.local.logs import FollowedLog
from arena.local.processes import CannotStart, Service, tail
from arena.local.programs import Program
from arena.local.steps import say

LONGEST_PAUSE_SECONDS = 30
DEATHS_KEPT_SECONDS = 60
DEATHS_ENDURED = 5


class Deaths:
    """How often something died lately, and so how long to wait before its restart."""

    def __init__(self) -> None:
        self._at: deque[float] = deque()

    def add(self, now: float) -> None:
        self._at.append(now)
        while self._at[0] < now - DEATHS_KEPT_SECONDS:
            self._at.popleft()

    def pause_seconds(self) -> float:
        return float(min(2 ** (len(self._at) - 1), LONGEST_PAUSE_SECONDS))

    def are_too_many(self) -> bool:
        return len(self._at) >= DEATHS_ENDURED


class Child:
    def __init__(self, program: Program, logs: Path, *, vital: bool) -> None:
        self.program = program
        self.vital = vital
        self.log = FollowedLog(logs / f"{program.name}.log", name=program.name)
        self.deaths = Deaths()
        self.starts_at: float | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.starts_at = None
        with self.log.path.open("ab") as output:
            self.process = self.program.start(output)

    def has_died(self) -> bool:
        return (
            self.starts_at is None
            and self.process is not None
            and self.process.poll() is not None
        )

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_sure_it_stopped(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(self.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Keep groups of programs alive; the groups stop one after the other."""

    def __init__(
        self,
        *,
        groups: Sequence[Sequence[Program]],
        services: Sequence[Service],
        logs: Path,
    ) -> None:
        self._groups = [
            [Child(program, logs, vital=program.name == "web") for program in group]
            for group in groups
        ]
        self._children = [each for group in self._groups for each in group]
        self._errands: list[Child] = []
        self._logs = logs
        self._services = {service.name: service for service in services}
        self._service_deaths = {name: Deaths() for name in self._services}

    def start(self) -> None:
        now = time.monotonic()
        for each in self._children:
            each.starts_at = now + each.program.start_after_seconds
        self.look()

    def run_once(self, program: Program) -> None:
        """Run a program that ends by itself; what it prints is shown."""
        errand = Child(program, self._logs, vital=False)
        errand.start()
        self._errands.append(errand)

    def look(self) -> None:
        """See to whatever has died since the last look; show new warnings."""
        now = time.monotonic()
        for service in self._services.values():
            self._see_to_service(service, now)
        for each in self._children:
            each.log.show_warnings()
            self._see_to(each, now)
        for errand in self._errands:
            for line in errand.log.new_lines():
                say(f"  {line}")

    def stop(self) -> None:
        for group in [self._errands, *self._groups]:
            for each in group:
                each.ask_to_stop()
            for each in group:
                each.make_sure_it_stopped()

    def _see_to(self, each: Child, now: float) -> None:
        if each.has_died() and each.process is not None:
            each.deaths.add(now)
            if each.vital and each.deaths.are_too_many():
                raise _too_many(each.program.name, each.log.path)
            pause = each.deaths.pause_seconds()
            each.starts_at = now + pause
            how = _ending(each.process.returncode)
            say(f"  ! {each.program.name} {how}; it starts again in {pause:.0f} s")
        elif each.starts_at is not None and now >= each.starts_at:
            each.start()

    def _see_to_service(self, service: Service, now: float) -> None:
        if service.process is None or service.process.poll() is None:
            return
        deaths = self._service_deaths[service.name]
        deaths.add(now)
        if deaths.are_too_many():
            raise _too_many(service.name, service.log)
        how = _ending(service.process.returncode)
        say(f"  ! {service.name} {how}; it starts again now")
        service.start()


def _ending(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"


def _too_many(name: str, log: Path) -> CannotStart:
    return CannotStart(
        f"{name} died {DEATHS_ENDURED} times within {DEATHS_KEPT_SECONDS} s. "
        f"The end of {log}:\n{tail(log)}"
    )
