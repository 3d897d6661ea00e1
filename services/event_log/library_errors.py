"""What goes wrong in a log, in the words of the `eventsourcing` library."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from eventsourcing.persistence import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
    RecordConflictError,
)

from services.event_log.connections import LogClosedError
from services.event_log.storage_faults import StorageError
from services.event_log.writer_lock import LogInUseError

_BY_NAME: Final[dict[str, type[PersistenceError]]] = {
    "Error": PersistenceError,
    **{
        each.__name__: each
        for each in (
            DatabaseError,
            DataError,
            IntegrityError,
            InterfaceError,
            InternalError,
            NotSupportedError,
            OperationalError,
            ProgrammingError,
        )
    },
}


@contextmanager
def as_library_errors() -> Iterator[None]:
    """Raise IntegrityError for a conflict, DataError for what can't be stored, and what drivers say under its own name.

    Drivers and library both follow PEP 249, so that the names are the same; an error more exact than those gets the
    name of the nearest of its bases.
    """
    try:
        yield
    except PersistenceError:
        raise
    except RecordConflictError as error:
        raise IntegrityError(str(error)) from error
    except LogClosedError as error:
        raise InterfaceError("the log is closed") from error
    except (LogInUseError, StorageError) as error:
        raise OperationalError(str(error)) from error
    except ValueError as error:
        raise DataError(str(error)) from error
    except (sqlite3.Error, psycopg.Error) as error:
        named = (_BY_NAME[base.__name__] for base in type(error).__mro__ if base.__name__ in _BY_NAME)
        raise next(named)(str(error)) from error
