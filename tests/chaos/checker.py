"""Judges a run by its records. A pure function of them, so that checker_test.py can show that it finds what is wrong.

lost        accepted by a portal (or only sent to one: the client goes on until it is) and not answered when the settling
            time was over; or answered by an error, since nothing was wrong with any job.
twice       two different answers to one job; or two answers to one request; or one that nobody had asked for.
run again   a program of a job began to run after the job had its answer: `run.started` in a node's log, later than the
            `returned` of the answer that clients got. For a cancelled job the word has to travel first: SLOW_S are granted.
unexplained more than one execution of a job, where nothing had befallen the earlier one's node in between (a death of the
            node or of its box, or its being out of the portals' reach for as long as a fence takes); or one attempt twice.
wrong       an answer that is not what the program gives.
"""

from __future__ import annotations

import collections
import dataclasses
from typing import Iterable, Iterator

from record import Entry, Execution, Fault

MARGIN_S = 0.05  # between two processes' notes of what is one moment
NOTICED_S = 0.5  # until a node knows that a box of its is dead, and hands it nothing more
RECONNECT_S = 2.5  # the longest pause before a portal looks for a node again, and then some; it grows with the outage
DEATHS = {"kill node", "kill box"}
SILENCES = {"freeze node", "cut link", "black hole", "kill portal", "freeze portal", "restart portal", "kill database"}


@dataclasses.dataclass(frozen=True)
class Expected:
    job: str
    stdout: str
    may_be_cancelled: bool = False


@dataclasses.dataclass(frozen=True)
class Rules:
    fence_s: float  # out of reach for less, a node keeps its jobs
    slow_s: float  # granted to the news that a job is cancelled


@dataclasses.dataclass(frozen=True)
class Violation:
    kind: str
    job: str
    text: str


@dataclasses.dataclass
class Report:
    answered: int
    violations: list[Violation]

    def count(self, kind: str) -> int:
        return len({violation.job for violation in self.violations if violation.kind == kind})

    def summary(self) -> str:
        return (f"{self.answered} answered, {self.count('lost')} lost, {self.count('twice')} twice, "
                f"{self.count('run again')} run again after finishing")

    def more(self) -> str:
        return f"{self.count('unexplained')} executions without a reason, {self.count('wrong')} wrong answers"


def check(expected: Iterable[Expected], entries: Iterable[Entry], executions: Iterable[Execution],
          faults: Iterable[Fault], rules: Rules) -> Report:
    jobs = {job.job: job for job in expected}
    seen = by_job(entries)
    ran = by_job(executions)
    outages = Outages(faults, rules)
    violations: list[Violation] = []
    for job in jobs.values():
        its_entries = seen.get(job.job, [])
        its_runs = sorted(ran.get(job.job, []), key=lambda run: run.time)
        violations += lost(job, its_entries)
        violations += twice(job, its_entries)
        violations += wrong(job, its_entries)
        violations += run_again(job, its_entries, its_runs, rules)
        violations += unexplained(job, its_runs, outages)
    violations += [Violation("wrong", job, "nobody has submitted it") for job in ran if job not in jobs]
    return Report(sum(1 for job in jobs if results(seen.get(job, []))), violations)


def by_job(items: Iterable) -> dict[str, list]:
    grouped: dict[str, list] = collections.defaultdict(list)
    for item in items:
        grouped[item.job].append(item)
    return grouped


def answers(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.what == "answered"]


def results(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in answers(entries) if entry.detail["type"] == "result"]


def lost(job: Expected, entries: list[Entry]) -> Iterator[Violation]:
    for entry in answers(entries):
        if entry.detail["type"] == "error":
            yield Violation("lost", job.job, f"answered by error {entry.detail['code']}: {entry.detail['message']}")
    if not answers(entries):
        accepted = any(entry.what == "accepted" for entry in entries)
        yield Violation("lost", job.job, "accepted and not answered" if accepted else "not answered")


def twice(job: Expected, entries: list[Entry]) -> Iterator[Violation]:
    given = results(entries)
    if len({str(sorted(entry.detail.items())) for entry in given}) > 1:
        yield Violation("twice", job.job, f"different answers: {[entry.detail for entry in given]}")
    asked = {entry.request for entry in entries if entry.what == "asked"}
    times = collections.Counter(entry.request for entry in answers(entries))
    for request, count in times.items():
        if count > 1:
            yield Violation("twice", job.job, f"{count} answers to request {request}")
        if request not in asked:
            yield Violation("twice", job.job, f"an answer on {request or 'a connection'} that nobody had asked for")


def wrong(job: Expected, entries: list[Entry]) -> Iterator[Violation]:
    for entry in results(entries):
        verdict, stdout = entry.detail["verdict"], entry.detail["stdout"]
        if verdict == "AC" and stdout == job.stdout:
            continue
        if verdict == "CANCELLED" and job.may_be_cancelled:
            continue
        yield Violation("wrong", job.job, f"{verdict}, {stdout!r}: {entry.detail.get('message', '')}")


def run_again(job: Expected, entries: list[Entry], runs: list[Execution], rules: Rules) -> Iterator[Violation]:
    given = results(entries)
    if not given:
        return
    finished = min(entry.detail["returned"] or entry.time for entry in given)
    is_cancelled = given[0].detail["verdict"] == "CANCELLED"
    margin = rules.slow_s if is_cancelled else MARGIN_S
    for run in runs:
        if run.time > finished + margin:
            yield Violation("run again", job.job, f"attempt {run.attempt} began on {run.node} "
                                                  f"{run.time - finished:.3f} s after the answer")


def unexplained(job: Expected, runs: list[Execution], outages: Outages) -> Iterator[Violation]:
    for earlier, later in zip(runs, runs[1:]):
        if earlier.attempt == later.attempt:
            yield Violation("unexplained", job.job, f"attempt {later.attempt} began on {earlier.node} and on {later.node}")
        elif not outages.explain(earlier.node, earlier.time, later.time):
            yield Violation("unexplained", job.job, f"attempt {earlier.attempt} on {earlier.node} and, "
                                                    f"{later.time - earlier.time:.3f} s later, attempt {later.attempt} on "
                                                    f"{later.node}, without a failure in between")


class Outages:
    """When a node died, and when it was out of reach for so long that it had to give up its jobs."""

    def __init__(self, faults: Iterable[Fault], rules: Rules) -> None:
        self._rules = rules
        self._deaths = [noticed(fault) for fault in faults if fault.kind in DEATHS]
        self._silences = [fault for fault in faults if fault.kind in SILENCES]

    def explain(self, node: str, since: float, until: float) -> bool:
        if any(overlaps(death, node, since, until) for death in self._deaths):
            return True
        return any(end - start >= self._rules.fence_s and start <= until and end >= since
                   for start, end in self._merged(node))

    def _merged(self, node: str) -> list[tuple[float, float]]:
        """Silences, each until it is found that it is over; those that leave no time in between are one."""
        merged: list[tuple[float, float]] = []
        for fault in sorted(self._silences, key=lambda fault: fault.start):
            if fault.target not in (node, "all"):
                continue
            end = fault.end + min(RECONNECT_S, fault.end - fault.start + 0.3)
            if merged and fault.start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((fault.start, end))
        return merged


def noticed(death: Fault) -> Fault:
    return dataclasses.replace(death, end=death.end + NOTICED_S) if death.kind == "kill box" else death


def overlaps(fault: Fault, node: str, since: float, until: float) -> bool:
    return fault.target in (node, "all") and fault.start <= until and fault.end >= since
