"""The test programs of a language, tests/languages/ID/, and what has to become of each.

hello, sum, compile_error, runtime_error, timeout and memory are the same for every language. expected.json there holds
what is impossible in it: {"NAME": {"verdict": "AC", "why": "…"}}, without a verdict where there can be no such
program, and "memory_limit": "512M" where the runtime needs more than the memory program is given otherwise.
"""

import dataclasses
import json
import pathlib

from table import ROOT

PROGRAMS = ROOT / "tests" / "languages"
MIB = 1 << 20
VERDICTS = {"hello": "AC", "sum": "AC", "compile_error": "CE", "runtime_error": "RTE", "timeout": "TLE", "memory": "MLE"}
NOT_SOURCES = {".in", ".out"}


@dataclasses.dataclass
class Program:
    language: object
    name: str
    source: pathlib.Path  # None where there is no such file
    verdict: str
    stdin: str = ""
    stdout: str = None  # None: any
    limits: dict = dataclasses.field(default_factory=dict)


def programs_of(language):
    folder = PROGRAMS / language.folder
    exceptions = read_exceptions(folder)
    return [program(language, name, folder, exceptions) for name in VERDICTS if exists(exceptions, name)]


def read_exceptions(folder):
    path = folder / "expected.json"
    exceptions = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    unknown = exceptions.keys() - VERDICTS.keys() - {"memory_limit"}
    if unknown:
        raise ValueError(f"{path}: there is no program {', '.join(sorted(unknown))}")
    return exceptions


def exists(exceptions, name):
    return "verdict" in exceptions.get(name, {"verdict": ""})


def program(language, name, folder, exceptions):
    sources = [path for path in sorted(folder.glob(f"{name}.*")) if path.suffix not in NOT_SOURCES]
    verdict = "RTE" if name == "compile_error" and not language.has_compile_step else VERDICTS[name]
    verdict = exceptions.get(name, {}).get("verdict", verdict)
    made = Program(language, name, sources[0] if len(sources) == 1 else None, verdict)
    if name == "hello":
        made.stdout = "Hello, world!\n"
    elif name == "sum":
        made.stdin, made.stdout = text_of(folder / "sum.in", "10\n20\n12\n"), text_of(folder / "sum.out", "42\n")
    elif name == "timeout":
        made.limits = {"cpu_time_ms": 1000, "wall_time_ms": 5000}
    elif name == "memory":
        made.limits = {"memory_bytes": mebibytes(exceptions.get("memory_limit", "256M")) * MIB}
    return made


def text_of(path, default):
    return path.read_text(encoding="utf-8") if path.exists() else default


def mebibytes(text):
    return int(text.removesuffix("M")) if text.endswith("M") else int(text.removesuffix("G")) * 1024
