"""One writing process for each SQLite file: a lock that the operating system drops when its holder dies."""

import fcntl
import os
import time
from pathlib import Path

_RETRY_SECONDS = 0.05


class LogInUseError(RuntimeError):
    """Another process, or another log object of this one, writes to the file."""


class WriterLock:
    """An exclusive lock on `<file>.lock`, which holds the process id of the writer for people to read."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        self._descriptor: int | None = None

    def take(self, patience: float = 0.0) -> None:
        """Take the lock, if it is not held already, within `patience` seconds.

        Raises:
            LogInUseError: somebody else holds it.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        give_up = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    holder = os.read(descriptor, 32).decode(errors="replace").strip()
                    os.close(descriptor)
                    raise LogInUseError(f"{self._path}: held by process {holder or 'unknown'}") from None
            time.sleep(_RETRY_SECONDS)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Drop the lock if it is held; the file stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
