"""Packets of protocol/PROTOCOL.md on asyncio's streams."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

EOT = b"\x04"
MAX_PACKET_BYTES = 64 << 20

Packet = dict[str, Any]


def framed(packet: Packet) -> bytes:
    return json.dumps({"rota": 2, **packet}).encode() + EOT


async def read_packet(reader: asyncio.StreamReader) -> Packet:
    """Raises EOFError (asyncio.IncompleteReadError is one) where the peer has ended."""
    return json.loads((await reader.readuntil(EOT))[:-1])


def bytes_field(packet: Packet, name: str) -> str:
    """A field of bytes, which comes as text or as base64."""
    if name + "_base64" in packet:
        return base64.b64decode(packet[name + "_base64"]).decode(errors="replace")
    return packet.get(name, "")
