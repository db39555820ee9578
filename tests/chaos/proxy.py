"""A link between two daemons: a TCP proxy of ours that can be cut, delayed, or silent in one direction."""

from __future__ import annotations

import asyncio
import contextlib

CHUNK_BYTES = 1 << 16

TO_NODE, TO_PORTAL = "to the node", "to the portal"


class Link:
    def __init__(self) -> None:
        self.target: tuple[str, int] | None = None  # None: nobody is there
        self.delay_s = 0.0
        self._is_cut = False
        self._open = {TO_NODE: asyncio.Event(), TO_PORTAL: asyncio.Event()}
        for gate in self._open.values():
            gate.set()
        self._connections: set[asyncio.Task] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Connections end, and new ones do not come about."""
        self._is_cut = True
        for connection in self._connections:
            connection.cancel()

    def silence(self, direction: str) -> None:
        """Nothing arrives in this direction, not even that the other end has closed."""
        self._open[direction].clear()

    def heal(self) -> None:
        self._is_cut = False
        self.delay_s = 0.0
        for gate in self._open.values():
            gate.set()

    async def close(self) -> None:
        if self._server:
            self._server.close()
        self.cut()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._connect(reader, writer)
        self._connections.discard(task)
        writer.transport.abort()  # does nothing where it is closed

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut or self.target is None:
            return
        node_reader, node_writer = await asyncio.open_connection(*self.target)
        try:
            await self._carry(reader, writer, node_reader, node_writer)
            for end in (writer, node_writer):
                end.close()
                await end.wait_closed()
        finally:
            node_writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, node_reader: asyncio.StreamReader,
                     node_writer: asyncio.StreamWriter) -> None:
        """Until one of the two has closed."""
        pumps = [asyncio.ensure_future(self._pump(reader, node_writer, TO_NODE)),
                 asyncio.ensure_future(self._pump(node_reader, writer, TO_PORTAL))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                await self._open[direction].wait()
                writer.write(data)
                await writer.drain()
        await self._open[direction].wait()
