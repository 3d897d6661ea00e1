"""Arrays of rows in the binary form that PostgreSQL takes: one argument where there would be one for each column."""

from collections.abc import Sequence
from datetime import date, datetime
from struct import Struct
from typing import Final

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

from services.event_log.leaf import microseconds

_LENGTH: Final = Struct("!i").pack
_HEADER: Final = Struct("!ii").pack  # type and length
_NULL: Final = -1
_INTEGER: Final = Struct("!iiq").pack
_DAY: Final = Struct("!iii").pack
_ARRAY: Final = Struct("!iiIii").pack
_NO_ELEMENTS: Final = Struct("!iiI").pack

# What the server calls these types; the numbers are fixed.
_BYTEA, _INT8, _TEXT, _DATE, _TIMESTAMPTZ = 17, 20, 25, 1082, 1184

_DAYS_BEFORE_2000: Final = date(2000, 1, 1).toordinal()
_MICROSECONDS_BEFORE_2000: Final = 946_684_800_000_000


class RowArray(bytes):
    """An array of rows, ready to be sent."""


class _RowArrayDumper(Dumper):
    format = Format.BINARY
    oid = 0  # the query names the type

    def dump(self, obj: RowArray) -> Buffer | None:
        return obj


def accept_row_arrays(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let a connection send `RowArray`."""
    connection.adapters.register_dumper(RowArray, _RowArrayDumper)


def text(value: str | None) -> bytes:
    """Return a field of type text."""
    if value is None:
        return _HEADER(_TEXT, _NULL)
    encoded = value.encode()
    return _HEADER(_TEXT, len(encoded)) + encoded


def integer(value: int | None) -> bytes:
    """Return a field of type bigint."""
    return _HEADER(_INT8, _NULL) if value is None else _INTEGER(_INT8, 8, value)


def content(value: bytes) -> bytes:
    """Return a field of type bytea."""
    return _HEADER(_BYTEA, len(value)) + value


def day(value: date) -> bytes:
    """Return a field of type date."""
    return _DAY(_DATE, 4, value.toordinal() - _DAYS_BEFORE_2000)


def instant(value: datetime) -> bytes:
    """Return a field of type timestamptz."""
    return _INTEGER(_TIMESTAMPTZ, 8, microseconds(value) - _MICROSECONDS_BEFORE_2000)


def row(*fields: bytes) -> bytes:
    """Return an element of an array of rows."""
    body = b"".join((_LENGTH(len(fields)), *fields))
    return _LENGTH(len(body)) + body


def array(row_type: int, rows: Sequence[bytes]) -> RowArray:
    """Return an array of rows of a type, which the server numbers as it likes."""
    if not rows:
        return RowArray(_NO_ELEMENTS(0, 0, row_type))
    return RowArray(b"".join((_ARRAY(1, 0, row_type, len(rows), 1), *rows)))
