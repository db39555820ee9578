"""The cluster: portals and nodes as real processes, and a link of ours between each two of them."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import pathlib
import shutil
import socket
import time
from typing import Callable

from database import Database
from disk import NoMount, SmallDisk
from processes import Daemon
from proxy import Link

SLOTS = 2
DISK_BYTES = 1 << 30


@dataclasses.dataclass(frozen=True)
class Setup:
    programs: pathlib.Path  # folder of rota-portal and rota-node
    folder: pathlib.Path  # ours, for all that is written
    host_cache: pathlib.Path
    portals: int
    nodes: int
    store: str  # "sqlite", "memory", "postgres", or what rota-portal --store takes
    grace_s: float
    node_flags: list[str]

    @property
    def fence_s(self) -> float:
        return 0.6 * self.grace_s


@dataclasses.dataclass(frozen=True)
class Crash:
    time: float
    name: str
    status: int


class Node:
    def __init__(self, setup: Setup, number: int, on_crash: Callable[[str, int], None]) -> None:
        self.name = f"node-{number}"
        self.folder = setup.folder / self.name
        self.links = [Link() for _ in range(setup.portals)]
        self._setup = setup
        self._on_crash = functools.partial(on_crash, self.name)
        self.daemon: Daemon | None = None

    def _command(self) -> list[str]:
        return [str(self._setup.programs / "rota-node"), "--listen", "127.0.0.1:0", "--name", self.name,
                "--slots", str(SLOTS), "--state-dir", str(self.folder), "--host-cache", str(self._setup.host_cache),
                "--no-prepare", *self._setup.node_flags]

    async def start(self) -> None:
        self.daemon = Daemon(self._command(), self._setup.folder / f"{self.name}.output", self._on_crash)
        address = await self.daemon.address()
        for link in self.links:
            link.target = address


class HeldPort:
    """Stays ours while no daemon listens on it: bound, with SO_REUSEADDR, and not listening."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.number: int = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()


class Portal:
    def __init__(self, setup: Setup, number: int, on_crash: Callable[[str, int], None]) -> None:
        self.name = f"portal-{number}"
        self.folder = setup.folder / self.name
        self.port = HeldPort()
        self._setup = setup
        self._on_crash = functools.partial(on_crash, self.name)
        self._number = number
        self.daemon: Daemon | None = None
        self.disk: SmallDisk | None = None

    @property
    def logs(self) -> pathlib.Path:
        return self._setup.folder / f"{self.name}.logs" if self.disk else self.folder

    def remove_disk(self) -> None:
        """What is to be read later is taken from it."""
        if not self.disk:
            return
        self.logs.mkdir()
        for file in self.folder.glob("events.log*"):
            shutil.copy(file, self.logs)
        self.disk.remove()

    def make_disk(self) -> str:
        """Why there is none, or nothing."""
        try:
            self.disk = SmallDisk(self.folder, DISK_BYTES)
        except NoMount as reason:
            return str(reason)
        return ""

    def _command(self, nodes: list[Node], store: str) -> list[str]:
        command = [str(self._setup.programs / "rota-portal"), "--listen", f"127.0.0.1:{self.port.number}",
                   "--name", self.name, "--state-dir", str(self.folder),
                   "--grace-ms", str(int(self._setup.grace_s * 1000))]
        if store != "sqlite":  # else the portal's own default, in its state folder
            command += ["--store", store]
        for node in nodes:
            command += ["--node", f"127.0.0.1:{node.links[self._number - 1].port}"]
        return command

    async def start(self, nodes: list[Node], store: str) -> None:
        self.daemon = Daemon(self._command(nodes, store), self._setup.folder / f"{self.name}.output", self._on_crash)
        await self.daemon.address()


class Cluster:
    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.nodes = [Node(setup, number, self._crashed) for number in range(1, setup.nodes + 1)]
        self.portals = [Portal(setup, number, self._crashed) for number in range(1, setup.portals + 1)]
        self.database = Database(setup.folder) if setup.store == "postgres" else None
        self.no_disk = ""  # why disks cannot be made full
        self.crashes: list[Crash] = []
        self._restarts: set[asyncio.Task] = set()

    @property
    def store(self) -> str:
        return self.database.url if self.database else self.setup.store

    async def start(self) -> None:
        if self.database:
            await self.database.start()
        for link in self.links():
            await link.listen()
        await self.nodes[0].start()  # tests the sandbox, for the others as well
        await asyncio.gather(*(node.start() for node in self.nodes[1:]))
        for portal in self.portals:
            if self.setup.store == "sqlite":
                self.no_disk = portal.make_disk()
            await portal.start(self.nodes, self.store)

    def _crashed(self, name: str, status: int) -> None:
        """Nobody has asked it to end: that is noted, and it is started again so that the run goes on."""
        self.crashes.append(Crash(time.time(), name, status))
        node = next((node for node in self.nodes if node.name == name), None)
        portal = next((portal for portal in self.portals if portal.name == name), None)
        start = node.start() if node else portal.start(self.nodes, self.store)
        self._restarts.add(asyncio.get_running_loop().create_task(start))

    def links(self) -> list[Link]:
        return [link for node in self.nodes for link in node.links]

    def addresses(self) -> list[tuple[str, int]]:
        return [("127.0.0.1", portal.port.number) for portal in self.portals]

    def log_folders(self) -> list[pathlib.Path]:
        return [portal.logs for portal in self.portals] + [node.folder for node in self.nodes]

    async def end(self) -> None:
        """Whatever has happened."""
        for restart in self._restarts:
            restart.cancel()
        daemons = [each.daemon for each in (*self.portals, *self.nodes) if each.daemon]
        await asyncio.gather(*(daemon.kill() for daemon in daemons))
        await asyncio.gather(*(link.close() for link in self.links()))
        if self.database:
            await self.database.end()
        for portal in self.portals:
            portal.port.close()
            with contextlib.suppress(OSError):
                portal.remove_disk()
