"""PostgreSQL servers of our own, for portals that share their jobs: a primary, and a standby that each commit waits for."""

from __future__ import annotations

import asyncio
import os
import pathlib
import pwd
import shutil
import signal

from processes import Child, DidNotStart, children_of, gone

READY_S = 30
LOOK_S = 0.05  # between two looks at what nobody tells us of


class NoDatabase(Exception):
    pass


def programs() -> pathlib.Path:
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoDatabase("PostgreSQL's server is not installed; ci/setup postgres does that")
    return found[-1].parent


def other_user() -> dict:
    """It refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._output = folder / "output"
        self._process: Child | None = None
        folder.mkdir()
        if who := other_user():
            os.chown(folder, who["user"], who["group"])

    async def make(self) -> None:
        await self._run("initdb", "-D", str(self._data), "-U", "rota", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._set("listen_addresses = ''", "max_wal_senders = 4", "wal_retrieve_retry_interval = 200ms",
                  f"unix_socket_directories = '{self.folder}'")
        await self.start()
        await self.ask("CREATE DATABASE rota", "postgres")

    async def follow(self, primary: Server) -> None:
        """As a new copy of it; from then on its commits wait for this one."""
        shutil.rmtree(self._data, ignore_errors=True)
        await self._run("pg_basebackup", "-D", str(self._data), "-h", str(primary.folder), "-U", "rota", "-R", "-c", "fast",
                        "--no-sync")
        self._set(f"unix_socket_directories = '{self.folder}'")
        await self.start()
        await primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        await primary.ask("SELECT pg_reload_conf()")
        await primary.until_it_has_a_standby()

    async def until_it_has_a_standby(self) -> None:
        await until(lambda: self.answers("SELECT max(sync_state) FROM pg_stat_replication", "sync"))

    async def start(self) -> None:
        self._process = Child([str(programs() / "postgres"), "-D", str(self._data)], self._output, **other_user())
        await until(lambda: self.answers("SELECT 1", "1", "postgres"))

    async def kill(self) -> None:
        """With its children, which end by themselves when they see it; only then it can start again."""
        if self._process:
            children = children_of(self._process.pid)
            self._process.signal(signal.SIGKILL)
            await self._process.ended.wait()
            await gone(children)

    async def promote(self) -> None:
        """It has no standby of its own yet, and waits for none."""
        await self.ask("SELECT pg_promote()")
        await self.ask("ALTER SYSTEM RESET synchronous_standby_names")
        await self.ask("SELECT pg_reload_conf()")

    async def ask(self, statement: str, database: str = "rota") -> None:
        await self._run("psql", "-h", str(self.folder), "-U", "rota", "-d", database, "-qc", statement)

    async def answers(self, statement: str, wanted: str, database: str = "rota") -> bool:
        answer = self.folder / "answer"
        answer.unlink(missing_ok=True)
        psql = Child([str(programs() / "psql"), "-h", str(self.folder), "-U", "rota", "-d", database, "-Atc", statement], answer)
        await psql.ended.wait()
        return answer.read_text(encoding="utf-8").strip() == wanted

    async def _run(self, program: str, *arguments: str) -> None:
        process = Child([str(programs() / program), *arguments], self._output, **other_user())
        await process.ended.wait()
        if process.status != 0:
            raise DidNotStart(f"{program}: {process.last_words()}")

    def _set(self, *lines: str) -> None:
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("".join(line + "\n" for line in lines))


async def until(condition) -> None:
    for _ in range(int(READY_S / LOOK_S)):
        if await condition():
            return
        await asyncio.sleep(LOOK_S)
    raise DidNotStart("PostgreSQL does not become what was waited for")


class Database:
    name = "database"

    def __init__(self, folder: pathlib.Path) -> None:
        programs()
        folder.chmod(0o711)  # for the other user
        self._primary = Server(folder / "postgres-1")
        self._standby = Server(folder / "postgres-2")
        self.url = f"postgres://rota@/rota?host={self._primary.folder},{self._standby.folder}"

    async def start(self) -> None:
        await self._primary.make()
        await self._standby.follow(self._primary)

    async def kill_primary(self) -> None:
        await self._primary.kill()

    async def restart_primary(self) -> None:
        await self._primary.start()
        await self._primary.until_it_has_a_standby()

    async def fail_over(self) -> None:
        """The standby takes its place, and what was the primary becomes a standby of it."""
        await self._standby.promote()
        self._primary, self._standby = self._standby, self._primary
        await self._standby.follow(self._primary)

    async def end(self) -> None:
        await asyncio.gather(self._primary.kill(), self._standby.kill())
