"""Rows out of a prefix of the log, folded by the code that folds the live ones, and the digest to compare both."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from domain.event import RecordedEvent
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel, Rows, RowT
from projections.row_codec import encode_row

_PAGE: Final = 1_000


class ReplayedRows:
    """The rows of one institution as a prefix of its log leaves them; asking for a model that was not folded fails."""

    def __init__(self, events: Iterable[RecordedEvent[Any]], models: Sequence[ReadModel[Any]] = READ_MODELS) -> None:
        """Fold events, which are in the order of their positions."""
        self._rows: dict[str, dict[str, Any]] = {model.name: {} for model in models}
        self._sorted: dict[str, list[str]] = {}
        self.position = 0
        for event in events:
            self._fold(event, models)

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
        rows: dict[str, RowT] = self._rows[model.name]
        return rows.get(key)

    def _beyond(self, model: ReadModel[RowT], after: str | None) -> Iterator[RowT]:
        rows: dict[str, RowT] = self._rows[model.name]
        if model.name not in self._sorted:
            self._sorted[model.name] = sorted(rows)
        keys = self._sorted[model.name]
        begin = 0 if after is None else bisect_right(keys, after)
        return (rows[keys[at]] for at in range(begin, len(keys)))

    def _fold(self, event: RecordedEvent[Any], models: Sequence[ReadModel[Any]]) -> None:
        for model in models:
            rows = self._rows[model.name]
            for key in model.keys(event):
                row = model.evolve(key, rows.get(key), event)
                if row is None:
                    rows.pop(key, None)
                else:
                    rows[key] = row
        self.position = event.position


def digest_of_rows(rows: Rows, models: Sequence[ReadModel[Any]] = READ_MODELS) -> str:
    """Return the SHA-256 over every row of some read models: equal for live tables and a replay of the same events."""
    digest = sha256()
    for model in sorted(models, key=lambda each: each.name):
        for row in _every_row(rows, model):
            digest.update(f"{model.name}\x1f{row.key}\x1f{encode_row(row)}\x1e".encode())
    return digest.hexdigest()


def _every_row(rows: Rows, model: ReadModel[RowT]) -> Iterator[RowT]:
    last: str | None = None
    while page := rows.rows(model, after=last, limit=_PAGE):
        yield from page
        last = page[-1].key
