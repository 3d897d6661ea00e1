"""Rows as they are stored: long ones compressed, and damage in them noticed."""

import sys
from collections.abc import Iterator

import msgspec
import pytest

from projections import achievement
from projections.replay import ReplayedRows
from projections.row_codec import COMPRESSED_FROM, decode_row, encode_row, pack_row, unpack_row
from services import read_tables
from tests.projections.spec import logged
from tests.projections.year import EVERYTHING

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROW = ReplayedRows(logged(EVERYTHING), [achievement.READ_MODEL]).rows(achievement.READ_MODEL)[0]


def damaged(stored: bytes) -> Iterator[bytes]:
    """Yield some stored bytes with each of their bits turned once."""
    for place in range(8 * len(stored)):
        turned = bytearray(stored)
        turned[place // 8] ^= 1 << place % 8
        yield bytes(turned)


def read_otherwise(stored: bytes) -> int:
    """Count the damages after which something else is read, as if nothing had happened."""
    return sum(found not in {None, encode_row(ROW)} for found in map(unpacked, damaged(stored)))


def unpacked(stored: bytes) -> bytes | None:
    try:
        return unpack_row(stored)
    except msgspec.DecodeError:
        return None


def test_a_long_row_is_stored_in_a_part_of_its_bytes() -> None:
    assert len(encode_row(ROW)) >= COMPRESSED_FROM
    assert len(pack_row(ROW)) < len(encode_row(ROW)) / 2
    assert decode_row(achievement.AchievementRow, pack_row(ROW)) == ROW


def test_a_short_row_can_be_read_where_it_lies() -> None:
    short = achievement.AchievementRow(key="dinkes/2025", unit="dinkes", fiscal_year=2025)
    assert pack_row(short) == encode_row(short)


def test_one_turned_bit_of_a_long_row_is_never_read_as_another_row() -> None:
    assert read_otherwise(pack_row(ROW)) == 0


def test_control_without_a_checksum_some_would_be() -> None:
    assert read_otherwise(zstd.compress(encode_row(ROW), level=1)) > 0


@pytest.mark.parametrize("content", ["{}", b"", b"x", b"\x28\xb5\x2f\xfd" + b"\xff" * 30, pack_row(ROW)[:-1]])
def test_what_was_not_stored_as_a_row_is_none(content: bytes | str) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode_row(achievement.AchievementRow, content)


def test_rows_that_are_stored_in_another_form_are_those_of_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_tables, "STORED_AS", "json, zlib")
    assert read_tables._shape() != read_tables.FINGERPRINT
