"""Daemons as child processes that cannot outlive us: they are told by the kernel when we are gone, and killed with us."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pathlib
import select
import signal
import subprocess
from typing import Callable

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


class Daemon:
    """One life of a daemon. Its output goes to `output`, behind that of the lives before."""

    def __init__(self, command: list[str], output: pathlib.Path, on_crash: Callable[[int], None]) -> None:
        ready, theirs = os.pipe()
        self._output = output
        try:
            with output.open("ab") as log:
                self._process = subprocess.Popen(
                    [*command, "--ready-fd", str(theirs)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    pass_fds=[theirs], start_new_session=True, preexec_fn=die_with_parent)
        finally:
            os.close(theirs)
        self._ready = ready
        self.pid = self._process.pid
        self._pid_fd = os.pidfd_open(self.pid)
        self._is_to_end = False
        self._on_crash = on_crash  # it has ended by itself, with this status
        self.ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._pid_fd, self._reap)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pid_fd)
        os.close(self._pid_fd)
        status = self._process.wait()
        self.ended.set()
        if not self._is_to_end:
            self._on_crash(status)

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
            raise DidNotStart(self._output.read_text(encoding="utf-8", errors="replace")[-2000:])
        host, _, port = line.rpartition(":")
        return host, int(port)

    def signal(self, number: int) -> None:
        if not self.ended.is_set():
            self._process.send_signal(number)

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
