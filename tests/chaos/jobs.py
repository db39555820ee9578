"""The jobs of a run, made from its seed: tiny programs that nodes compile once, and what each has to print."""

from __future__ import annotations

import dataclasses
import random
import uuid

from checker import Expected
from packets import Packet

SOURCE = 'printf "%s\\n" "$1"\nif [ -n "$2" ]; then sleep "$2"; fi\n'
SLOW_SHARE = 0.1  # of the jobs run for long enough to be hit by a fault
SLOW_S = (0.2, 1.5)
CANCELLED_SHARE = 0.02
ASKED_AGAIN_SHARE = 0.06  # once they are answered, half of them by `wait` and half by the same `submit`


@dataclasses.dataclass(frozen=True)
class Job:
    id: str
    pause_s: float  # of the program
    cancel_after_s: float | None
    ask_again: str | None  # "wait", "submit"

    def submit(self) -> Packet:
        arguments = [self.id] + ([f"{self.pause_s:.2f}"] if self.pause_s else [])
        return {"type": "submit", "job": self.id, "file_name": "chaos.sh", "source": SOURCE, "arguments": arguments,
                "client": "chaos", "acknowledge": True}

    def expected(self) -> Expected:
        return Expected(self.id, self.id + "\n", self.cancel_after_s is not None)


def make_jobs(count: int, rng: random.Random) -> list[Job]:
    return [make_job(rng) for _ in range(count)]


def make_job(rng: random.Random) -> Job:
    is_slow = rng.random() < SLOW_SHARE
    cancel_after_s = rng.uniform(0, 2) if rng.random() < CANCELLED_SHARE else None
    again = rng.choice(["wait", "submit"]) if rng.random() < ASKED_AGAIN_SHARE else None
    return Job(job_id(rng), round(rng.uniform(*SLOW_S), 2) if is_slow else 0.0, cancel_after_s, again)


def job_id(rng: random.Random) -> str:
    """A UUID of version 7 but for its time, which the seed cannot know."""
    number = rng.getrandbits(128)
    number = number & ~(0xf << 76) | 7 << 76
    return str(uuid.UUID(int=number & ~(0x3 << 62) | 2 << 62))
