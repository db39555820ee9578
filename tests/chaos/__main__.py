"""Chaos: a cluster of real processes, clients that want every answer, and faults; a checker reads every record at the end.

    python3 tests/chaos --programs FOLDER [--jobs N] [--seed N] …, or ci/chaos, which builds the programs first

Prints the faults as they happen, and at the end one line: `N answered, L lost, T twice, X run again after finishing`. Exits 0
only where L, T and X are 0 and the checker has found nothing else. The same seed gives the same jobs and the same faults in
the same order; when exactly they hit what is the machine's.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

import evidence
from checker import Report, Rules, check
from client import Client
from cluster import Cluster, Setup
from faults import KINDS, Faults, Plan
from jobs import Job, make_jobs
from logs import LogsAreIncomplete, executions_in
from database import NoDatabase
from processes import DidNotStart, adopt_orphans, end_descendants
from record import Fault, Record, read_entries

SETTLE_S = 120  # without faults, for what is still open when no new jobs are begun
SLOWEST_RATE = 20  # jobs a second, faults included: a run that falls below is ended
PROGRESS_S = 10
NO_CGROUPS = ["memory-cgroup", "pids-cgroup", "cpu-cgroup"]  # walls that are not what is tested here


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__.split("\n\n")[0])
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="folder of rota-portal and rota-node")
    parser.add_argument("--jobs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--portals", type=int, default=1)
    parser.add_argument("--store", default="sqlite", help="sqlite, memory, postgres (servers of our own), or what rota-portal --store takes")
    parser.add_argument("--host-cache", type=pathlib.Path, help="where nodes note that the sandbox is sound")
    parser.add_argument("--window", type=int, default=16, help="open jobs of a client")
    parser.add_argument("--grace", type=float, default=5, help="seconds")
    parser.add_argument("--pause", type=float, default=2.5, help="seconds between faults, on average")
    parser.add_argument("--only", action="append", default=[], help="kind of fault; repeatable; all if not given")
    parser.add_argument("--records", type=pathlib.Path, help="folder for records and logs, which stays")
    parser.add_argument("--short", action="store_true", help="a minute, for every change")
    arguments = parser.parse_args()
    arguments.host_cache = arguments.host_cache or arguments.programs.parent / "tests/cache/host"  # as all tests
    if arguments.short:
        arguments.jobs, arguments.nodes, arguments.clients = 1200, 3, 8
        arguments.grace, arguments.pause = 2, 1
    return arguments


class Run:
    def __init__(self, arguments: argparse.Namespace, folder: pathlib.Path) -> None:
        self._arguments = arguments
        self._folder = folder
        self._begun = time.time()
        flags = [word for layer in NO_CGROUPS for word in ("--allow-missing", layer)]
        self.cluster = Cluster(Setup(arguments.programs, folder, arguments.host_cache, arguments.portals, arguments.nodes,
                                     arguments.store, arguments.grace, flags))
        self.jobs = make_jobs(arguments.jobs, self._rng("jobs"))
        self.clients = self._make_clients()
        self.faults = Faults(self.cluster, Plan(self._rng("faults"), [], 1, 1, 1), self._drop_clients, self.tell)

    def _rng(self, name: str) -> random.Random:
        return random.Random(f"{self._arguments.seed} {name}")

    def tell(self, text: str) -> None:
        print(f"{time.time() - self._begun:7.1f} s  {text}", flush=True)

    def _make_clients(self) -> list[Client]:
        return [self._make_client(number) for number in range(self._arguments.clients)]

    def _make_client(self, number: int) -> Client:
        name = f"client-{number + 1}"
        jobs: list[Job] = self.jobs[number::self._arguments.clients]
        record = Record(self._record_of(name), name)
        return Client(name, self.cluster.addresses(), jobs, record, self._arguments.window, self._rng(name))

    def _record_of(self, client: str) -> pathlib.Path:
        return self._folder / f"{client}.jsonl"

    def _drop_clients(self, share: float) -> None:
        for client in self.clients[:1 + int(share * (len(self.clients) - 1))]:
            client.drop()

    async def carry_out(self) -> Report:
        try:
            await self.cluster.start()
            self.tell(f"{len(self.cluster.nodes)} nodes, {len(self.cluster.portals)} portals, store {self._arguments.store}, "
                      f"seed {self._arguments.seed}")
            await self._load()
        finally:
            await self.cluster.end()
        return self._judge()

    async def _load(self) -> None:
        self.faults = Faults(self.cluster, self._plan(), self._drop_clients, self.tell)
        all_begun = asyncio.Event()
        faults = asyncio.ensure_future(self.faults.run(all_begun))
        running = [asyncio.ensure_future(client.run()) for client in self.clients]
        helpers = [asyncio.ensure_future(self._await_all_begun(all_begun)), asyncio.ensure_future(self._tell_progress())]
        try:
            await faults
            self.tell("no more faults")
            done, _ = await asyncio.wait(running, timeout=SETTLE_S)
            for task in done:
                task.result()  # raises what a client has run into
        finally:
            for task in (faults, *running, *helpers):
                task.cancel()
            await asyncio.gather(faults, *running, *helpers, return_exceptions=True)

    async def _await_all_begun(self, all_begun: asyncio.Event) -> None:
        """Or until it takes too long: then the rest is left to the time without faults."""
        begun = [asyncio.ensure_future(client.all_begun.wait()) for client in self.clients]
        await asyncio.wait(begun, timeout=60 + len(self.jobs) / SLOWEST_RATE)
        all_begun.set()

    async def _tell_progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_S)
            self.tell(f"{len(self.jobs) - sum(client.unanswered for client in self.clients)} of {len(self.jobs)} jobs are answered")

    def _plan(self) -> Plan:
        can = {"": True, "database": self.cluster.database is not None, "disk": self.cluster.portals[0].disk is not None and not self.cluster.no_disk,
               "restart": self._arguments.store != "memory" or bool(self._arguments.only)}  # who asks for it sees jobs lost
        kinds = [kind for kind in KINDS if can[kind.needs] and kind.name in (self._arguments.only or [kind.name])]
        missing = sorted({kind.name for kind in KINDS if can[kind.needs] or kind.needs == "disk"} - {kind.name for kind in kinds})
        if missing:
            self.tell(f"not tested: {', '.join(missing)} {self.cluster.no_disk}")
        setup = self.cluster.setup
        return Plan(self._rng("faults"), kinds, self._arguments.pause, setup.fence_s, setup.grace_s)

    async def _watch(self, all_begun: asyncio.Event) -> None:
        """Tells how it goes; ends the faults when every job was begun, or it takes too long."""
        latest = time.time() + 60 + len(self.jobs) / SLOWEST_RATE
        while True:
            await asyncio.sleep(1)
            if time.time() > latest or not any(client.has_backlog for client in self.clients):
                all_begun.set()
            if int(time.time() - self._begun) % PROGRESS_S == 0:
                answered = len(self.jobs) - sum(client.unanswered for client in self.clients)
                self.tell(f"{answered} of {len(self.jobs)} jobs are answered")

    def _judge(self) -> Report:
        entries = [entry for client in self.clients for entry in read_entries(self._record_of(client.name))]
        executions = [run for node in self.cluster.nodes for run in executions_in(node.folder, node.name)]
        crashes = [Fault(crash.time, crash.time, "kill node", crash.name) for crash in self.cluster.crashes]
        setup = self.cluster.setup
        report = check([job.expected() for job in self.jobs], entries, executions, [*self.faults.done, *crashes],
                       Rules(setup.fence_s, 2 * setup.grace_s))
        self.tell(f"{len(executions)} executions of {len({run.job for run in executions})} jobs, {len(self.faults.done)} faults, "
                  f"{len(self.cluster.crashes)} crashes")
        evidence.show(report, entries, executions, self.faults.done, self.cluster.log_folders())
        for crash in self.cluster.crashes:
            print(f"CRASHED: {crash.name}, status {crash.status}, {crash.time - self._begun:.1f} s")
            print(evidence.tail(self._folder / f"{crash.name}.output"))
        return report


async def main(arguments: argparse.Namespace, folder: pathlib.Path) -> int:
    this = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, this.cancel)
    try:
        run = Run(arguments, folder)
        report = await run.carry_out()
    except (DidNotStart, LogsAreIncomplete, NoDatabase) as problem:
        print(f"chaos: {type(problem).__name__}: {problem}", file=sys.stderr)
        return 75
    except asyncio.CancelledError:
        print("chaos: interrupted", file=sys.stderr)
        return 130
    print(report.more())
    print(report.summary())
    return 1 if report.violations or run.cluster.crashes else 0


@contextlib.contextmanager
def working_folder(wanted: pathlib.Path | None):
    if wanted:
        wanted.mkdir(parents=True)
        yield wanted
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rota-chaos-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def guarded() -> int:
    arguments = read_arguments()
    adopt_orphans()
    # Whatever else fails: past this the kernel ends us, and our children with us.
    signal.alarm(300 + SETTLE_S + arguments.jobs // SLOWEST_RATE)
    try:
        with working_folder(arguments.records) as folder:
            return asyncio.run(main(arguments, folder))
    finally:
        left = end_descendants()
        if left:
            print(f"chaos: {len(left)} processes were left and have been killed", file=sys.stderr)


sys.exit(guarded())
