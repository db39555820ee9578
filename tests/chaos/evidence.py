"""What there is to see of a violation: the job's events on all hosts, what its client saw, and the faults of that time."""

from __future__ import annotations

import pathlib
import time

from checker import Report, Violation
from logs import timeline
from record import Entry, Execution, Fault
from times import seconds

MOST_OF_A_KIND = 3
AROUND_S = 15.0


def show(report: Report, entries: list[Entry], executions: list[Execution], faults: list[Fault],
         folders: list[pathlib.Path]) -> None:
    shown = a_few_of_each_kind(report.violations)
    events = timeline(folders, {violation.job for violation in shown})
    for violation in shown:
        print(f"\n{violation.kind.upper()}: job {violation.job}: {violation.text}")
        lines = lines_of(violation, entries, events[violation.job])
        times = [line[0] for line in lines]
        if times:
            lines += [(fault.start, f"FAULT   {fault.kind}: {fault.target} until {clock(fault.end)}") for fault in faults
                      if fault.end >= min(times) - AROUND_S and fault.start <= max(times)]
        for moment, text in sorted(lines):
            print(f"  {clock(moment)}  {text}")
    if len(report.violations) > len(shown):
        print(f"\n{len(report.violations)} violations in all, of {len({each.job for each in report.violations})} jobs")


def a_few_of_each_kind(violations: list[Violation]) -> list[Violation]:
    jobs: dict[str, dict[str, Violation]] = {}
    for violation in violations:
        jobs.setdefault(violation.kind, {}).setdefault(violation.job, violation)
    return [violation for kind in jobs.values() for violation in list(kind.values())[:MOST_OF_A_KIND]]


def lines_of(violation: Violation, entries: list[Entry], events: list[dict]) -> list[tuple[float, str]]:
    lines = [(entry.time, f"CLIENT  {entry.client} {entry.what} {entry.request} {entry.detail}") for entry in entries
             if entry.job == violation.job]
    return lines + [(seconds(event["time"]), f"{event['host']:8}{event['name']} attempt={event.get('attempt', 0)} "
                                             f"{event.get('fields', {})}") for event in events]


def clock(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(moment)) + f"{moment % 1:.3f}"[1:]


def tail(output: pathlib.Path) -> str:
    return "\n".join(output.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
