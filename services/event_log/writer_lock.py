"""One writing process for each SQLite file: a lock that the operating system drops when its holder dies."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from services.event_log.storage_faults import StorageReadOnlyError

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
            StorageReadOnlyError: the lock's file, or the folder that it is to be made in, can't be written to.
        """
        if self._descriptor is not None:
            return
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except PermissionError as error:
            raise StorageReadOnlyError(str(error)) from error
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
        self._descriptor = descriptor
        with suppress(OSError):  # on a full disk: the lock is held, only its holder's number can't be read
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Drop the lock if it is held; the file stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
