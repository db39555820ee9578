"""A client that wants every answer: it submits with `acknowledge`, submits again under the same id what was not accepted,
waits for what was, on whatever portal it reaches next, tries again where a portal is full, and writes all of it down.

Some jobs it cancels, and some it asks for once more after their answer: that has to be the same one, without a new run.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import random

from jobs import Job
from packets import MAX_PACKET_BYTES, Packet, bytes_field, framed, read_packet
from record import Record
from times import seconds

PING_S = 1.0
SILENCE_S = 8.0
CONNECT_S = 2.0
PAUSE_S = (0.05, 0.5)
ASK_AGAIN_S = (0.2, 4.0)


@dataclasses.dataclass
class Open:
    """A job that wants an answer."""

    job: Job
    accepted: bool = False
    answered: bool = False  # and is asked for again
    request: str = ""  # on this connection; empty: none is under way

    def packet(self) -> Packet:
        if self.answered:
            return self.job.submit() if self.job.ask_again == "submit" else self.wait()
        return self.wait() if self.accepted else self.job.submit()

    def wait(self) -> Packet:
        return {"type": "wait", "job": self.job.id}


class Client:
    def __init__(self, name: str, portals: list[tuple[str, int]], jobs: list[Job], record: Record, window: int,
                 rng: random.Random) -> None:
        self.name = name
        self._portals = portals
        self._backlog = list(reversed(jobs))
        self._open: dict[str, Open] = {}
        self._record = record
        self._window = window
        self._rng = rng
        self._writer: asyncio.StreamWriter | None = None
        self._connection = ""
        self._connections = 0
        self._requests = 0
        self._cancels: dict[str, str] = {}  # requests of this connection that may be answered for themselves, by job
        self._timers: set[asyncio.TimerHandle] = set()
        self._done = asyncio.Event()
        self.unanswered = len(jobs)
        self.all_begun = asyncio.Event()

    async def run(self) -> None:
        """Until every job has all its answers."""
        self._fill()
        try:
            while not self._done.is_set():
                await self._one_connection()
                await asyncio.sleep(0 if self._done.is_set() else self._rng.uniform(*PAUSE_S))
        finally:
            for timer in self._timers:
                timer.cancel()
            self._record.close()

    def drop(self) -> None:
        """Loses the connection, as a client's machine may."""
        if self._writer:
            self._writer.transport.abort()

    async def _one_connection(self) -> None:
        host, port = self._portals[self._connections % len(self._portals)]
        self._connections += 1
        self._connection = f"{self.name}.{self._connections}"
        try:
            reader, self._writer = await asyncio.wait_for(
                asyncio.open_connection(host, port, limit=MAX_PACKET_BYTES), CONNECT_S)
        except (OSError, asyncio.TimeoutError):
            return
        for state in list(self._open.values()):
            self._ask(state)
        try:
            await self._read(reader)
        except (OSError, EOFError, asyncio.TimeoutError) as reason:
            self._record.write("lost", request=self._connection, reason=repr(reason))
        finally:
            self._forget_connection()

    def _forget_connection(self) -> None:
        self.drop()
        self._writer = None
        self._cancels.clear()
        for state in self._open.values():
            state.request = ""

    async def _read(self, reader: asyncio.StreamReader) -> None:
        ping = asyncio.get_running_loop().create_task(self._ping())
        try:
            while True:
                self._take(await asyncio.wait_for(read_packet(reader), SILENCE_S))
        finally:
            ping.cancel()

    async def _ping(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                await asyncio.sleep(PING_S)
                self._send({"type": "ping"})

    def _send(self, packet: Packet) -> None:
        if self._writer:
            self._writer.write(framed(packet))

    def _fill(self) -> None:
        while self._backlog and len(self._open) < self._window:
            job = self._backlog.pop()
            self._open[job.id] = Open(job)
            self._ask(self._open[job.id])
        if not self._backlog:
            self.all_begun.set()
            if not self._open:
                self._done.set()
                self.drop()

    def _ask(self, state: Open) -> None:
        if not self._writer or state.request or self._open.get(state.job.id) is not state:
            return
        state.request = self._request(state.packet())

    def _request(self, packet: Packet) -> str:
        self._requests += 1
        request = f"{self._connection}.{self._requests}"
        self._record.write("asked", packet["job"], request, type=packet["type"])
        self._send(packet)
        return request

    def _take(self, packet: Packet) -> None:
        kind, job = packet["type"], packet.get("job", "")
        if kind == "accepted":
            self._accepted(job)
        elif kind == "error" and packet["code"] == "busy":
            self._busy(job, packet.get("retry_after_ms", 500) / 1000)
        elif kind in ("result", "error"):
            self._answered(job, packet)

    def _accepted(self, job: str) -> None:
        state = self._open.get(job)
        self._record.write("accepted", job, state.request if state else "")
        if not state or state.accepted:
            return
        state.accepted = True
        if state.job.cancel_after_s is not None:
            self._later(state.job.cancel_after_s, lambda: self._cancel(state))

    def _cancel(self, state: Open) -> None:
        """Where the answer comes first, the cancelling gets it once more; else there is one for both."""
        if state.job.id in self._open and not state.answered and state.request:
            self._cancels[state.job.id] = self._request({"type": "cancel", "job": state.job.id})

    def _busy(self, job: str, pause_s: float) -> None:
        state = self._open.get(job)
        if not state:  # it speaks of the connection, and ends it
            return
        self._record.write("busy", job, state.request)
        state.request = ""
        self._later(pause_s * self._rng.uniform(0.5, 1.5), lambda: self._ask(state))

    def _answered(self, job: str, packet: Packet) -> None:
        state = self._open.get(job)
        request = (state.request if state else "") or self._cancels.pop(job, "")
        self._record.write("answered", job, request, **essence(packet))
        if not state or not state.request:  # a second one
            return
        state.request = ""
        if state.job.ask_again and not state.answered:
            state.answered = True
            self._later(self._rng.uniform(*ASK_AGAIN_S), lambda: self._ask(state))
        else:
            del self._open[job]
            self.unanswered -= 1
            self._fill()

    def _later(self, delay_s: float, step) -> None:
        def due() -> None:
            self._timers.discard(timer)
            step()
        timer = asyncio.get_running_loop().call_later(delay_s, due)
        self._timers.add(timer)


def essence(packet: Packet) -> Packet:
    """What makes an answer that answer."""
    if packet["type"] == "error":
        return {"type": "error", "code": packet["code"], "message": packet["message"]}
    returned = [event["time"] for event in packet["events"] if event["name"] == "returned"]
    return {"type": "result", "verdict": packet["verdict"], "stdout": bytes_field(packet, "stdout"),
            "returncode": packet.get("returncode"), "message": packet.get("message", ""),
            "attempt": packet.get("attempt", 0), "node": packet.get("node", ""),
            "returned": max(map(seconds, returned), default=None)}
