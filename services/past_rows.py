"""Rows as known at a position: those of the last milestone before it, and what was recorded since folded into them."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any, Final, Generic, NamedTuple

from domain.event import RecordedEvent
from projections.keyed_fold import KeyedFold, Parked
from projections.read_model import ReadModel, RowT
from projections.replay import in_order
from services.folding import fold_keyed
from services.milestones import MilestoneRows
from services.read_tables import LiveRows

_AT_ONCE: Final = 500
"""How many rows of a milestone are read at once where not all are wanted."""

Pages = Callable[[int], Iterable[Sequence[RecordedEvent[Any]]]]
"""Returns the events after a position, page by page, up to the one that is asked about."""


class PastRows:
    """The rows of one institution at a position. They are read while `live`, whose milestones they go on from, is open.

    The events since a milestone are folded at once; what they leave alone stays where it lies until it is asked for.
    """

    def __init__(self, live: LiveRows, models: Sequence[ReadModel[Any]], pages: Pages, until: int) -> None:
        self._of = {model.name: _Past(MilestoneRows(live, model, until), KeyedFold(model)) for model in models}
        begin = min((each.base.at for each in self._of.values()), default=until)
        for page in pages(begin) if begin < until else ():
            for base, fold in self._of.values():
                fold_keyed(base, fold, [(event, fold.keys(event)) for event in page if event.position > base.at])

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
        base, fold = self._of[model.name]
        own = sorted(key for key, row in fold.rows.items() if row is not None)
        folded = (row for key in own[bisect_right(own, after or "") :] if (row := fold.rows[key]) is not None)
        mine = (row for row in folded if unit in {None, row.unit} and fiscal_year in {None, row.fiscal_year})
        kept = (row for row in _kept(base, model, unit, fiscal_year, after, limit) if row.key not in fold.rows)
        return list(islice(merge(kept, mine, key=attrgetter("key")), limit))

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return one row, or None."""
        base, fold = self._of[model.name]
        row: RowT | None = fold.rows[key] if key in fold.rows else base.row(model, key)
        return row

    def parked(self) -> list[Parked]:
        """Return the keys that stopped at an event which they failed at, in the order of their positions."""
        return in_order(each for past in self._of.values() for each in past.fold.parked.values())


class _Past(NamedTuple, Generic[RowT]):
    base: MilestoneRows
    fold: KeyedFold[RowT]


def _kept(
    base: MilestoneRows,
    model: ReadModel[RowT],
    unit: str | None,
    year: int | None,
    after: str | None,
    limit: int | None,
) -> Iterator[RowT]:
    """Yield the rows of a milestone in the order of their keys; with a limit no more are read than are taken."""
    at_once = None if limit is None else max(limit, _AT_ONCE)
    while page := base.rows(model, unit=unit, fiscal_year=year, after=after, limit=at_once) if base.at else ():
        yield from page
        if at_once is None or len(page) < at_once:
            return
        after = page[-1].key
