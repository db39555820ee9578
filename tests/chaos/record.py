"""What the checker judges by: what clients saw, what nodes ran, and what was done to the cluster; all by one clock.

A client writes each entry down before it goes on, one JSON object a line, so that nothing it saw depends on its end.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import time
from typing import Any


@dataclasses.dataclass(frozen=True)
class Entry:
    """One thing that a client did or saw. `request` names a packet of it that wants an answer: CONNECTION.NUMBER."""

    time: float
    client: str
    job: str
    what: str  # asked, accepted, answered, busy; lost (of the connection, without a job)
    request: str = ""
    detail: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Execution:
    """A program of a job began to run."""

    time: float
    job: str
    attempt: int
    node: str


@dataclasses.dataclass(frozen=True)
class Fault:
    """What was done to `target`, a node's or portal's name, or `all`; it was over at `end`, as far as we can tell."""

    start: float
    end: float
    kind: str
    target: str


class Record:
    """Appends to a client's file, and counts what is open."""

    def __init__(self, path: pathlib.Path, client: str) -> None:
        self._file = path.open("a", buffering=1, encoding="utf-8")
        self._client = client

    def write(self, what: str, job: str = "", request: str = "", **detail: Any) -> None:
        entry = Entry(time.time(), self._client, job, what, request, detail)
        self._file.write(json.dumps(dataclasses.asdict(entry)) + "\n")

    def close(self) -> None:
        self._file.close()


def read_entries(path: pathlib.Path) -> list[Entry]:
    with path.open(encoding="utf-8") as lines:
        return [Entry(**json.loads(line)) for line in lines]
