"""What is done to the cluster, in an order that the seed gives: each fault has a beginning, and an end that mends it."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import random
import signal
import time
from typing import Awaitable, Callable

from cluster import Cluster, Node, Portal
from database import Database
from processes import children_of
from proxy import TO_NODE, TO_PORTAL
from record import Fault

AT_ONCE = 2  # faults under way, of different targets


@dataclasses.dataclass(frozen=True)
class Planned:
    pause_s: float  # after the one before
    kind: str
    target: int  # of the nodes or portals; taken modulo their number
    length_s: float
    choice: float  # 0 to 1, for what else there is to choose


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    of: str  # what its targets are: "node", "portal", "database"
    weight: int
    needs: str = ""  # "disk": one that can be made full; "restart": a store that a portal's end does not empty; "database"


KINDS = [
    Kind("kill node", "node", 4),
    Kind("restart node", "node", 1),
    Kind("freeze node", "node", 3),
    Kind("kill box", "node", 2),
    Kind("cut link", "node", 3),
    Kind("black hole", "node", 3),
    Kind("delay link", "node", 2),
    Kind("kill portal", "portal", 3, "restart"),
    Kind("restart portal", "portal", 1, "restart"),
    Kind("freeze portal", "portal", 2),
    Kind("full disk", "portal", 2, "disk"),
    Kind("drop clients", "portal", 2),
    Kind("kill database", "database", 3, "database"),
]


Target = Node | Portal | Database


class Plan:
    """An endless list: every kind once, in some order, and then as the weights have it."""

    def __init__(self, rng: random.Random, kinds: list[Kind], pause_s: float, fence_s: float, grace_s: float) -> None:
        self._rng = rng
        self._kinds = kinds
        self._first = rng.sample(kinds, len(kinds))
        self._pause_s = pause_s
        self._fence_s = fence_s
        self._grace_s = grace_s

    def next(self) -> Planned:
        weights = [kind.weight for kind in self._kinds]
        kind = self._first.pop() if self._first else self._rng.choices(self._kinds, weights)[0]
        return Planned(self._rng.expovariate(1 / self._pause_s), kind.name, self._rng.randrange(1 << 16), self._length(),
                       self._rng.random())

    def _length(self) -> float:
        """As often well below the fence, where nothing may come of it, as beyond the grace."""
        if self._rng.random() < 0.5:
            return self._rng.uniform(0.05, 0.5) * self._fence_s
        return self._rng.uniform(1.1, 1.6) * self._grace_s


class Faults:
    def __init__(self, cluster: Cluster, plan: Plan, drop_clients: Callable[[float], None],
                 tell: Callable[[str], None]) -> None:
        self._cluster = cluster
        self._plan = plan
        self._drop_clients = drop_clients
        self._tell = tell
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task] = set()
        self._changed = asyncio.Event()
        self._problem: BaseException | None = None
        self.done: list[Fault] = []

    async def run(self, enough: asyncio.Event) -> None:
        """Until there is enough; what is under way is mended first."""
        while not enough.is_set() and not self._problem:
            planned = self._plan.next()
            if not await passes(enough, planned.pause_s):
                break
            while len(self._tasks) >= AT_ONCE or self._target(planned).name in self._busy:
                self._changed.clear()
                await self._changed.wait()
            self._begin(planned)
        await asyncio.gather(*self._tasks)
        if self._problem:
            raise self._problem

    def _target(self, planned: Planned) -> Target:
        of = next(kind.of for kind in KINDS if kind.name == planned.kind)
        targets: dict[str, list] = {"node": self._cluster.nodes, "portal": self._cluster.portals,
                                    "database": [self._cluster.database]}
        return targets[of][planned.target % len(targets[of])]

    def _begin(self, planned: Planned) -> None:
        target = self._target(planned)
        self._busy.add(target.name)
        self._tell(f"{planned.kind}: {target.name}, {planned.length_s:.1f} s")
        task = asyncio.get_running_loop().create_task(self._do(planned, target))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():  # a daemon does not start any more
            self._problem = task.exception()

    async def _do(self, planned: Planned, target: Target) -> None:
        start = time.time()
        try:
            method: Callable[..., Awaitable[float | None]] = getattr(self, planned.kind.replace(" ", "_"))
            end = await method(target, planned)
        finally:
            self._busy.discard(target.name)
            self._changed.set()
        name = target.name if isinstance(target, Node) else "all"
        self.done.append(Fault(start, end or time.time(), planned.kind, name))

    # Each returns when the harm was done where that is not the time when it is mended.

    async def kill_node(self, node: Node, planned: Planned) -> float:
        await node.daemon.kill()
        dead = time.time()
        await asyncio.sleep(planned.length_s / 2)
        await node.start()
        return dead

    async def restart_node(self, node: Node, planned: Planned) -> None:
        if not await node.daemon.stop():
            self._tell(f"{node.name} did not end by itself")
        await node.start()

    async def freeze_node(self, node: Node, planned: Planned) -> None:
        await freeze(node, planned.length_s)

    async def kill_box(self, node: Node, planned: Planned) -> None:
        boxes = sorted(children_of(node.daemon.pid))
        if boxes:
            os.kill(boxes[int(planned.choice * len(boxes))], signal.SIGKILL)

    async def cut_link(self, node: Node, planned: Planned) -> None:
        for link in node.links:
            link.cut()
        await self._heal(node, planned)

    async def black_hole(self, node: Node, planned: Planned) -> None:
        for link in node.links:
            link.silence(TO_NODE if planned.choice < 0.5 else TO_PORTAL)
        await self._heal(node, planned)

    async def delay_link(self, node: Node, planned: Planned) -> None:
        for link in node.links:
            link.delay_s = 0.02 + 0.2 * planned.choice
        await self._heal(node, planned)

    async def _heal(self, node: Node, planned: Planned) -> None:
        await asyncio.sleep(planned.length_s)
        for link in node.links:
            link.heal()

    async def kill_portal(self, portal: Portal, planned: Planned) -> None:
        await portal.daemon.kill()
        await asyncio.sleep(planned.length_s / 2)
        await portal.start(self._cluster.nodes, self._cluster.store)

    async def restart_portal(self, portal: Portal, planned: Planned) -> None:
        if not await portal.daemon.stop():
            self._tell(f"{portal.name} did not end by itself")
        await portal.start(self._cluster.nodes, self._cluster.store)

    async def freeze_portal(self, portal: Portal, planned: Planned) -> None:
        await freeze(portal, planned.length_s)

    async def full_disk(self, portal: Portal, planned: Planned) -> None:
        portal.disk.fill()
        await asyncio.sleep(planned.length_s)
        portal.disk.empty()

    async def kill_database(self, database: Database, planned: Planned) -> None:
        await database.kill_primary()
        if planned.choice < 0.5:
            await asyncio.sleep(planned.length_s / 2)
            await database.restart_primary()
        else:
            await database.fail_over()

    async def drop_clients(self, portal: Portal, planned: Planned) -> None:
        self._drop_clients(planned.choice)


async def freeze(each: Node | Portal, length_s: float) -> None:
    each.daemon.signal(signal.SIGSTOP)
    await asyncio.sleep(length_s)
    each.daemon.signal(signal.SIGCONT)


async def passes(event: asyncio.Event, seconds: float) -> bool:
    """True where the time passes before the event."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
        return False
    except asyncio.TimeoutError:
        return True
