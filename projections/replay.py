"""Rows out of a prefix of the log, folded by the code that folds the live ones, and the digest to compare both."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from domain.event import RecordedEvent
from domain.stream import category_of
from projections.catalogue import READ_MODELS
from projections.keyed_fold import KeyedFold, Parked
from projections.read_model import ReadModel, Rows, RowT
from projections.row_codec import encode_row

_PAGE: Final = 1_000


class ReplayedRows:
    """The rows of one institution as a prefix of its log leaves them; asking for a model that was not folded fails."""

    def __init__(self, events: Iterable[RecordedEvent[Any]], models: Sequence[ReadModel[Any]] = READ_MODELS) -> None:
        """Fold events, which are in the order of their positions."""
        self._folds: dict[str, KeyedFold[Any]] = {model.name: KeyedFold(model) for model in models}
        self._concerned: dict[str, list[KeyedFold[Any]]] = {}
        self._sorted: dict[str, list[str]] = {}
        self.position = 0
        for event in events:
            self.fold(event)

    def fold(self, event: RecordedEvent[Any]) -> None:
        """Fold the event that comes next."""
        category = category_of(event.stream)
        if (concerned := self._concerned.get(category)) is None:
            concerned = [fold for fold in self._folds.values() if fold.model.concerns(event.stream)]
            self._concerned[category] = concerned
        for fold in concerned:
            for key in fold.keys(event):
                fold.evolve(key, event)
        self._sorted.clear()
        self.position = event.position

    def fold_of(self, model: ReadModel[RowT]) -> KeyedFold[RowT]:
        """Return the fold of one read model."""
        return self._folds[model.name]

    def rows(
        self,
        model: ReadModel[RowT],
        *,
        unit: str | None = None,
        fiscal_year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[RowT]:
        """Return the rows in the order of their keys, filtered where asked."""
        found = (
            row
            for row in self._beyond(model, after)
            if unit in {None, row.unit} and fiscal_year in {None, row.fiscal_year}
        )
        return list(islice(found, limit))

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return one row, or None."""
        row: RowT | None = self._folds[model.name].rows.get(key)
        return row

    def parked(self) -> list[Parked]:
        """Return the keys that stopped at an event which they failed at, in the order of their positions."""
        found = [each for fold in self._folds.values() for each in fold.parked.values()]
        return in_order(found)

    def _beyond(self, model: ReadModel[RowT], after: str | None) -> Iterator[RowT]:
        rows: dict[str, RowT | None] = self._folds[model.name].rows
        if model.name not in self._sorted:
            self._sorted[model.name] = sorted(key for key, row in rows.items() if row is not None)
        keys = self._sorted[model.name]
        begin = 0 if after is None else bisect_right(keys, after)
        return (row for at in range(begin, len(keys)) if (row := rows[keys[at]]) is not None)


def in_order(parked: Iterable[Parked]) -> list[Parked]:
    """Return parked keys in the order of the positions that they stopped at."""
    return sorted(parked, key=lambda each: (each.position, each.model, each.key))


def digest_of_rows(rows: Rows, models: Sequence[ReadModel[Any]] = READ_MODELS) -> str:
    """Return the SHA-256 over every row of some read models: equal for live tables and a replay of the same events."""
    digest = sha256()
    for model in sorted(models, key=lambda each: each.name):
        for row in _every_row(rows, model):
            digest.update(b"%b\x1f%b\x1f%b\x1e" % (model.name.encode(), row.key.encode(), encode_row(row)))
    return digest.hexdigest()


def _every_row(rows: Rows, model: ReadModel[RowT]) -> Iterator[RowT]:
    last: str | None = None
    while page := rows.rows(model, after=last, limit=_PAGE):
        yield from page
        last = page[-1].key
