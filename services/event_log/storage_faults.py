"""What the storage under a log can refuse, each with a name, a code and a text, whichever driver says it.

Nothing is half-written when one of these is raised: the transaction is undone, and the same append may be sent again.
"""

import errno
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Final

import psycopg
from sqlalchemy.exc import DBAPIError


class StorageError(RuntimeError):
    """The storage refused; `code` is for machines and never changes, `title` is for people."""

    code: ClassVar[str] = "storage_failed"
    title: ClassVar[str] = "Penyimpanan gagal dibaca atau ditulis; periksa disk dan catatan server"


class StorageFullError(StorageError):
    """No room is left on the disk, or in the quota."""

    code = "storage_full"
    title = "Penyimpanan penuh; tidak ada yang disimpan. Kosongkan ruang disk lalu kirim ulang"


class StorageReadOnlyError(StorageError):
    """The file, its folder or the server takes no changes; reading goes on."""

    code = "storage_read_only"
    title = "Penyimpanan hanya dapat dibaca; tidak ada yang disimpan"


class StorageDamagedError(StorageError):
    """What is stored is no database, or one whose pages don't fit each other, as in a copy of a file in use."""

    code = "storage_damaged"
    title = "Berkas basis data rusak atau disalin selagi dipakai; pulihkan dari cadangan"


_SYSTEM: Final[Mapping[int | None, type[StorageError]]] = {
    errno.ENOSPC: StorageFullError,
    errno.EDQUOT: StorageFullError,
    errno.EROFS: StorageReadOnlyError,
    errno.EIO: StorageError,
}
# A shared memory that can't grow is the full disk under the index of the write-ahead log.
_SQLITE_EXACT: Final[Mapping[int, type[StorageError]]] = {sqlite3.SQLITE_IOERR_SHMSIZE: StorageFullError}
_SQLITE: Final[Mapping[int, type[StorageError]]] = {
    sqlite3.SQLITE_FULL: StorageFullError,
    sqlite3.SQLITE_READONLY: StorageReadOnlyError,
    sqlite3.SQLITE_IOERR: StorageError,
    sqlite3.SQLITE_CANTOPEN: StorageError,
    sqlite3.SQLITE_CORRUPT: StorageDamagedError,
    sqlite3.SQLITE_NOTADB: StorageDamagedError,
}
_POSTGRES: Final[Mapping[str | None, type[StorageError]]] = {
    "53100": StorageFullError,  # disk_full
    "25006": StorageReadOnlyError,  # read_only_sql_transaction: a standby, or a database set so
    "58030": StorageError,  # io_error
    "XX001": StorageDamagedError,  # data_corrupted
    "XX002": StorageDamagedError,  # index_corrupted
}


def storage_error(error: BaseException) -> StorageError | None:
    """Return what a driver or the operating system said as a fault of the storage, or None where it is none."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, DBAPIError) and error.orig is not None:
        return storage_error(error.orig)
    kind: type[StorageError] | None = None
    if isinstance(error, sqlite3.Error):
        exact = _sqlite_code(error)
        kind = _SQLITE_EXACT.get(exact) or _SQLITE.get(_primary(exact))
    elif isinstance(error, psycopg.Error):
        kind = _POSTGRES.get(error.sqlstate)
    elif isinstance(error, OSError):
        kind = _SYSTEM.get(error.errno)
    return None if kind is None else kind(str(error))


def is_busy(error: BaseException) -> bool:
    """Tell whether another connection has what was asked for in a SQLite file, were it only to recover it."""
    return isinstance(error, sqlite3.Error) and _primary(_sqlite_code(error)) == sqlite3.SQLITE_BUSY


def _sqlite_code(error: sqlite3.Error) -> int:
    """Return SQLite's exact code, such as SQLITE_BUSY_RECOVERY; what Python's driver says by itself has none."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code


def _primary(exact: int) -> int:
    """Return the code of the kind, such as SQLITE_BUSY."""
    return exact & 0xFF


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise a fault of the storage under its name; everything else passes as it is."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error, DBAPIError) as error:
        named = storage_error(error)
        if named is None:
            raise
        raise named from error
