"""Daemons as child processes that cannot outlive us: they are told by the kernel when we are gone, and killed with us."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pathlib
import select
import signal
import subprocess
from typing import Any, Callable

START_S = 60
MOMENT_S = 5
END_S = 45  # longer than a node's --drain-time

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Boxes of a killed node become our children, so that none can be left."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class DidNotStart(Exception):
    pass


class Child:
    """One process. Its output goes to `output`, behind what is there."""

    def __init__(self, command: list[str], output: pathlib.Path, **popen: Any) -> None:
        self.output = output
        with output.open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True, preexec_fn=die_with_parent, **popen)
        self.pid = self._process.pid
        self.status: int | None = None
        self.ended = asyncio.Event()
        self._pid_fd = os.pidfd_open(self.pid)
        asyncio.get_running_loop().add_reader(self._pid_fd, self._reap)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pid_fd)
        os.close(self._pid_fd)
        self.status = self._process.wait()
        self.ended.set()
        self.has_ended()

    def has_ended(self) -> None:
        """For those that want to know."""

    def signal(self, number: int) -> None:
        if not self.ended.is_set():
            self._process.send_signal(number)

    def last_words(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")[-2000:]


class Daemon(Child):
    """One life of a daemon of ours."""

    def __init__(self, command: list[str], output: pathlib.Path, on_crash: Callable[[int], None]) -> None:
        self._is_to_end = False
        self._on_crash = on_crash  # it has ended by itself, with this status
        self._ready, theirs = os.pipe()
        try:
            super().__init__([*command, "--ready-fd", str(theirs)], output, pass_fds=[theirs])
        finally:
            os.close(theirs)

    def has_ended(self) -> None:
        if not self._is_to_end:
            self._on_crash(self.status or 0)

    async def address(self) -> tuple[str, int]:
        """Once it takes connections."""
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), open(self._ready, "rb", buffering=0))
        try:
            line = (await asyncio.wait_for(reader.readline(), START_S)).decode().strip()
        except asyncio.TimeoutError:
            line = ""
        finally:
            transport.close()
        if not line:
            raise DidNotStart(self.last_words())
        host, _, port = line.rpartition(":")
        return host, int(port)

    async def kill(self) -> None:
        self._is_to_end = True
        self.signal(signal.SIGKILL)
        await self.ended.wait()

    async def stop(self) -> bool:
        """SIGTERM; False where it had to be killed."""
        self._is_to_end = True
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)
        try:
            await asyncio.wait_for(self.ended.wait(), END_S)
            return True
        except asyncio.TimeoutError:
            await self.kill()
            return False


async def gone(pids: list[int]) -> None:
    """Until these children, ours by now or not, have ended."""
    loop = asyncio.get_running_loop()
    for pid in pids:
        ended = asyncio.Event()
        try:
            pid_fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        loop.add_reader(pid_fd, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(pid_fd)
            os.close(pid_fd)


def children_of(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        lists = [pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii") for task in tasks]
    except OSError:
        return []
    return [int(child) for each in lists for child in each.split()]


def end_descendants() -> list[int]:
    """What is left below us: it has a moment to end by itself, as boxes do without their node; then it is killed, and told."""
    killed = []
    while children := children_of(os.getpid()):
        for child in children:
            if not ends_by_itself(child):
                killed.append(child)
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return killed


def ends_by_itself(child: int) -> bool:
    pid_fd = os.pidfd_open(child)
    try:
        return bool(select.select([pid_fd], [], [], MOMENT_S)[0])
    finally:
        os.close(pid_fd)
