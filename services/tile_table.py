"""Complete tiles of the Merkle tree in the table `merkle_tile`: a cache beside the log."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import BigInteger, Column, Engine, LargeBinary, MetaData, SmallInteger, String, Table, func, select

from services.dialect import insert_into

merkle_tile: Final = Table(
    "merkle_tile",
    MetaData(),
    Column("institution", String(512), primary_key=True),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
)
_AT_ONCE: Final = 64


class TileTable:
    """The tiles of one institution; what is kept is written in batches, at the latest by `flush`."""

    def __init__(self, engine: Engine, institution: str) -> None:
        self._engine = engine
        self._institution = institution
        self._of_institution = merkle_tile.c.institution == institution
        self._kept: list[dict[str, object]] = []

    def count(self, level: int) -> int:
        """See `TileStore`."""
        query = select(func.max(merkle_tile.c.idx)).where(self._of_institution, merkle_tile.c.level == level)
        with self._engine.connect() as connection:
            greatest: int | None = connection.scalar(query)
        return 0 if greatest is None else greatest + 1

    def tile(self, level: int, index: int) -> bytes | None:
        """See `TileStore`."""
        query = select(merkle_tile.c.hashes).where(
            self._of_institution, merkle_tile.c.level == level, merkle_tile.c.idx == index
        )
        with self._engine.connect() as connection:
            found: bytes | None = connection.scalar(query)
        return found

    def roots(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """See `TileStore`."""
        self.flush()
        query = (
            select(merkle_tile.c.root)
            .where(self._of_institution, merkle_tile.c.level == level)
            .where(merkle_tile.c.idx.between(first, first + count - 1))
            .order_by(merkle_tile.c.idx)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def keep(self, level: int, index: int, hashes: Sequence[bytes], root: bytes) -> None:
        """See `TileStore`."""
        key = {"institution": self._institution, "level": level, "idx": index}
        self._kept.append({**key, "root": root, "hashes": b"".join(hashes)})
        if len(self._kept) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is kept; where another process was first, its tiles stay."""
        if not self._kept:
            return
        with self._engine.begin() as connection:
            connection.execute(insert_into(merkle_tile, connection).on_conflict_do_nothing(), self._kept)
        self._kept.clear()

    def forget(self) -> None:
        """Throw every tile of the institution away."""
        with self._engine.begin() as connection:
            connection.execute(merkle_tile.delete().where(self._of_institution))
