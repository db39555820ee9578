"""A small file system of its own for what a portal keeps, which can be made full."""

from __future__ import annotations

import os
import pathlib
import subprocess

PAGE = 4096
MOST_LOOKS = 100


class NoMount(Exception):
    pass


class SmallDisk:
    """A tmpfs. Its size is what is full or not: at the size that is used, nothing more can be written."""

    def __init__(self, folder: pathlib.Path, size_bytes: int) -> None:
        self._folder = folder
        self._size_bytes = size_bytes
        folder.mkdir()
        try:
            mount("-t", "tmpfs", "-o", f"size={size_bytes},mode=0700", "rota-chaos", str(folder))
        except subprocess.CalledProcessError as error:
            raise NoMount(error.stderr.strip()) from error

    def fill(self) -> None:
        """The portal goes on writing between the look at what is used and the resizing, which the kernel then refuses: it
        is looked at again until there is a moment at which both fit."""
        for looks_left in reversed(range(MOST_LOOKS)):
            stat = os.statvfs(self._folder)
            used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize
            try:
                return self._resize(max(used, PAGE))
            except subprocess.CalledProcessError:
                if looks_left == 0:
                    raise

    def empty(self) -> None:
        self._resize(self._size_bytes)

    def remove(self) -> None:
        subprocess.run(["umount", "--lazy", str(self._folder)], check=False, stdin=subprocess.DEVNULL)

    def _resize(self, size_bytes: int) -> None:
        mount("-o", f"remount,size={size_bytes}", str(self._folder))


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True)
