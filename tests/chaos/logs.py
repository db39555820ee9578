"""The daemons' own event logs (`events.log` of a state folder). Each line is there as soon as it is written, also of a
daemon that is killed; at 16 MiB a file gets the next number, and only four old ones are kept: a run that fills them all
cannot be judged.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any, Iterator

from record import Execution
from times import seconds

KEPT = 4  # base/line_log.hpp

Event = dict[str, Any]


class LogsAreIncomplete(Exception):
    pass


def files_of(folder: pathlib.Path) -> list[pathlib.Path]:
    """Oldest first."""
    log = folder / "events.log"
    if log.with_name(f"events.log.{KEPT}").exists():
        raise LogsAreIncomplete(f"{folder} has as many logs as it keeps: older lines may be gone; use fewer jobs")
    old = [log.with_name(f"events.log.{number}") for number in range(KEPT, 0, -1)]
    return [file for file in [*old, log] if file.exists()]


def events_in(folder: pathlib.Path) -> Iterator[Event]:
    for file in files_of(folder):
        with file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    yield json.loads(line)
                except ValueError:  # cut short by a full disk
                    continue


def executions_in(folder: pathlib.Path, node: str) -> Iterator[Execution]:
    for event in events_in(folder):
        if event["name"] == "run.started":
            yield Execution(seconds(event["time"]), event["job"], event.get("attempt", 0), node)


def timeline(folders: list[pathlib.Path], jobs: set[str]) -> dict[str, list[Event]]:
    """All events of these jobs, in order of time."""
    found: dict[str, list[Event]] = {job: [] for job in jobs}
    for folder in folders:
        for event in events_in(folder):
            if event.get("job") in found:
                found[event["job"]].append(event)
    for events in found.values():
        events.sort(key=lambda event: event["time"])
    return found
