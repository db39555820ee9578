#!/usr/bin/env python3
"""What ci/languages is made of, beside bash.

    run.py list                                     prints the id of each language
    run.py packages NAME…                           prints the packages that these languages name
    run.py table                                    prints docs/languages-table.md
    run.py judge [--results FILE] NODE [NAME…]      starts the program NODE and runs the programs of these languages;
                                                    where none is named, of all that the node offers
"""

import argparse
import collections
import contextlib
import json
import signal
import sys
import uuid

from node import Connection, NodeProblem, bytes_field, running_node
from programs import programs_of
from table import UnknownName, chosen, read_table

SHOWN_LINES = 6  # of a compiler's or program's messages
SHOWN_BYTES = 200


def submission(program, job):
    return {"type": "submit", "job": job, "file_name": program.source.name, "language": program.language.id,
            "source": program.source.read_text(encoding="utf-8"), "stdin": program.stdin, "limits": program.limits}


def answers(connection, programs, slots):
    """Sends the programs, as many at a time as the node takes; gives each with its answer, as they end."""
    waiting, pending = collections.deque(programs), {}
    while waiting or pending:
        while waiting and len(pending) < slots:
            job = str(uuid.uuid4())
            pending[job] = waiting.popleft()
            connection.send(submission(pending[job], job))
        packet = connection.receive()
        if packet.get("job") not in pending:
            raise NodeProblem(f"an answer that nobody waits for: {packet}")
        yield pending.pop(packet["job"]), packet


def problem_of(program, packet):
    """Why it has failed, in one line; empty where it has passed."""
    if packet["type"] == "error":
        return f"error {packet['code']}: {packet['message']}"
    if packet["verdict"] != program.verdict:
        return f"expected {program.verdict}, got {packet['verdict']} {packet.get('message', '')}".rstrip()
    stdout = bytes_field(packet, "stdout")
    if program.stdout is not None and stdout != program.stdout.encode():
        return f"expected stdout {program.stdout!r}, got {stdout[:SHOWN_BYTES]!r}"
    return ""


def messages_of(packet):
    """The first lines of what compiler and program had to say."""
    for name in ("compiler_output", "stderr"):
        lines = bytes_field(packet, name).decode(errors="replace").splitlines()
        yield from (f"  {name}: {line[:SHOWN_BYTES]}" for line in lines[:SHOWN_LINES])


def milliseconds(packet, step):
    return round(packet[step]["wall_time_ns"] / 1e6, 1) if step in packet else None


class Report:
    """Prints a line for each language when its last program has ended, and counts programs."""

    def __init__(self, results):
        self._results = results
        self._open = collections.Counter()
        self._problems = collections.defaultdict(list)
        self._times = {}
        self.passed = self.failed = 0

    def expect(self, programs):
        self._open.update(program.language.id for program in programs)

    def answered(self, program, packet):
        problem = problem_of(program, packet)
        self._write(program, packet, not problem)
        if program.name == "hello":
            self._times[program.language.id] = times_text(packet)
        self.ended(program, problem, messages_of(packet))

    def ended(self, program, problem, messages=()):
        if problem:
            self.failed += 1
            self._problems[program.language.id] += [f"{program.name}: {problem}", *messages]
        else:
            self.passed += 1
        self._open[program.language.id] -= 1
        if self._open[program.language.id] == 0:
            self._print(program.language)

    def _print(self, language):
        problems = self._problems[language.id]
        print(f"{language.id}: {'FAILED' if problems else 'passed'}{self._times.get(language.id, '')}", flush=True)
        for problem in problems:
            print(f"    {problem}", flush=True)

    def _write(self, program, packet, passed):
        if not self._results:
            return
        line = {"language": program.language.id, "program": program.name, "verdict": packet.get("verdict"),
                "passed": passed, "compile_ms": milliseconds(packet, "compile"), "run_ms": milliseconds(packet, "run")}
        print(json.dumps(line), file=self._results, flush=True)


def times_text(packet):
    times = ((step, milliseconds(packet, step)) for step in ("compile", "run"))
    known = [f"{step} {time:.0f} ms" for step, time in times if time is not None]
    return f" (hello: {', '.join(known)})" if known else ""


def is_offered(language, hello):
    return not language.names().isdisjoint(name.lower() for name in hello.get("languages", []))


def wanted_programs(names, hello):
    """Of a language that the node does not offer one, since its answer says why."""
    table = read_table()
    asked = chosen(table, names) if names else [language for language in table if is_offered(language, hello)]
    for language in asked:
        yield from programs_of(language)[:None if is_offered(language, hello) else 1]


def programs_to_send(programs, report):
    report.expect(programs)
    for program in programs:
        if program.source:
            yield program
        else:
            report.ended(program, f"tests/languages/{program.language.folder} has to have one {program.name}.EXTENSION")


def judge(node, names, results):
    report = Report(results)
    with running_node(node) as address:
        connection = Connection(address)
        hello = connection.hello()
        sent = list(programs_to_send(list(wanted_programs(names, hello)), report))
        for program, packet in answers(connection, sent, max(hello.get("slots", 1), 1)):
            report.answered(program, packet)
    print(f"{report.passed} passed, {report.failed} failed")
    return 0 if report.passed and not report.failed else 1


def markdown_of(table):
    """A row for each language, from the files only: what is installed here does not count."""
    rows = [f"| `{language.id}` | {language.name} | {', '.join(language.aliases)} | "
            f"{' '.join('.' + extension for extension in language.extensions)} | {' '.join(language.packages)} |"
            for language in table]
    return "\n".join([
        "# The languages that rota brings", "",
        "Made from `judge-node/languages/*.json` by `ci/languages --table`; [languages.md](languages.md) tells what a file holds.",
        f"{len(table)} languages and variants. `--language` takes id, name and aliases in any case; a file name's extension means",
        "the language that lists it. Each has programs in `tests/languages`, which `ci/languages` runs in the box.", "",
        "| id | language | other names | files | Debian packages |", "|---|---|---|---|---|", *rows, ""])


def read_arguments():
    parser = argparse.ArgumentParser(prog="run.py")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list")
    actions.add_parser("table")
    actions.add_parser("packages").add_argument("names", nargs="+")
    judging = actions.add_parser("judge")
    judging.add_argument("--results")
    judging.add_argument("node")
    judging.add_argument("names", nargs="*")
    return parser.parse_args()


def act(arguments):
    if arguments.action == "list":
        print(*(language.id for language in read_table()), sep="\n")
        return 0
    if arguments.action == "table":
        print(markdown_of(read_table()), end="")
        return 0
    if arguments.action == "packages":
        packages = (package for language in chosen(read_table(), arguments.names) for package in language.packages)
        print(*dict.fromkeys(packages), sep="\n")
        return 0
    with contextlib.ExitStack() as stack:
        results = arguments.results and stack.enter_context(open(arguments.results, "w", encoding="utf-8"))
        return judge(arguments.node, arguments.names, results)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends by the way that clears up
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        return act(read_arguments())
    except UnknownName as problem:
        print(f"rota: {problem}", file=sys.stderr)
        return 64
    except (NodeProblem, OSError) as problem:
        print(f"rota: {problem}", file=sys.stderr)
        return 75
    except KeyboardInterrupt:
        return 130


sys.exit(main())
