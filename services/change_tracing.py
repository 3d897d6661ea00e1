"""Follows every place of a year's registers through the log, from the baseline that it is held against."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from domain.errors import ReadModelParked
from domain.event import Event, RecordedEvent
from domain.report.events import ReportSubmitted
from domain.stream import cycle_of
from projections.commitment_achievement import CommitmentAchievement, Measured, achieved
from projections.commitment_ledger import CommitmentEntry
from projections.keyed_fold import KeyedFold
from projections.read_model import ReadModel, Row, RowT
from services.places import Compared, compare, name_of
from services.settling import SETTLING, Document, Settled, Span, part_of, settling_periods
from services.year_file import REGISTERS, Register

_PERIOD: Final = re.compile(r"periods\[([^\]]+)\]")


class Trail(NamedTuple):
    """What happened at one place since its baseline: the position of each event that touched it, and the values."""

    document: Document
    place: str
    steps: tuple[tuple[int, Compared], ...]


class OneRow(NamedTuple):
    """A single row, for a question that makes its answers row by row."""

    only: Row

    def rows(
        self,
        model: ReadModel[RowT],
        *,
        unit: str | None = None,
        fiscal_year: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[RowT]:
        """Return the row where it fits; there is no page after it."""
        fits = unit in {None, self.only.unit} and fiscal_year in {None, self.only.fiscal_year}
        return [self.only] if fits and after is None and limit != 0 and isinstance(self.only, model.row) else []

    def row(self, model: ReadModel[RowT], key: str) -> RowT | None:
        """Return the row under its own key."""
        return next((row for row in self.rows(model) if row.key == key), None)


class Tracing:
    """The rows as they stand, and what happened at each place since its baseline.

    `labels` are the names of ids that are met, `events` those that changed something. What happens to a document (and
    period) up to the position that `until` gives is not noted, as none of it can remain. The last answer of every
    document that was noted is kept until the end. Against reports: which unit had it last on the day, since its report
    tells of it, and whether whoever had it when its trail began had reported.
    """

    def __init__(self, span: Span, labels: dict[str, str], until: Settled) -> None:
        self._span = span
        self.labels = labels
        self._until = until
        self._folds = {each.name: KeyedFold(each.model) for each in REGISTERS}
        self._told: dict[Document, Any] = {}
        self._again: defaultdict[str, _ToldAgain] = defaultdict(_ToldAgain)
        self._trails: dict[Document, dict[str, dict[str, list[tuple[int, Compared]]]]] = {}
        self._baselines: dict[tuple[Document, str], RecordedEvent[Event]] = {}
        self._holder: dict[Document, str] = {}
        self._reported: dict[Document, bool] = {}
        self.events: dict[int, RecordedEvent[Event]] = {}

    def take(self, event: RecordedEvent[Event]) -> None:
        """Fold the next event, and note what it changes.

        Raises:
            ReadModelParked: a read model fails at the event, so nobody knows what it changes; where a unit is asked
                about, an event of another unit's cycle must not be taken.
        """
        for register in REGISTERS:
            fold = self._folds[register.name]
            for key in fold.keys(event):
                self._evolve(register, fold, key, event)
            for parked in fold.parked.values():
                raise ReadModelParked(model=parked.model, key=parked.key, position=parked.position)
        if self._span.against == "report" and isinstance(event.body, ReportSubmitted):
            self._submitted(event)

    @property
    def baselines(self) -> dict[tuple[Document, str], RecordedEvent[Event]]:
        """What reports, or else documents (and periods) that there are on the day or that changed, are held against."""
        all_of_them = self._span.against == "report"
        return {own: event for own, event in self._baselines.items() if all_of_them or self._concerns(own[0])}

    def trails(self) -> Iterator[Trail]:
        """Yield the places that have a baseline and were touched after it, in no order."""
        for document, periods in self._trails.items():
            for period, places in periods.items():
                if self._has_baseline(document, period):
                    yield from (Trail(document, place, tuple(steps)) for place, steps in places.items())

    def _evolve(self, register: Register, fold: KeyedFold[Any], key: str, event: RecordedEvent[Event]) -> None:
        document = Document(register.name, key)
        old = fold.rows.get(key)
        fold.evolve(key, event)
        new = fold.rows.get(key)
        if event.position > self._until(document, part_of(register.name, event)):
            before = self._told[document] if document in self._told else self._tell(register, document, old)
            if new is not old:
                self._note(document, event, before, self._tell(register, document, new))
        elif new is not old:
            self._told.pop(document, None)
        if self._span.against == "approval":
            self._settle(document, event)

    def _answer(self, register: Register, row: Row | None) -> Any:  # noqa: ANN401 - an answer of any register
        if row is None or row.fiscal_year != self._span.year:
            return None
        more = {"compute": self._again[row.key]} if register.name == "achievements" else {}
        found = register.ask(OneRow(row), self._span.day, unit=self._span.unit, fiscal_year=self._span.year, **more)
        return found[0] if found else None

    def _tell(self, register: Register, document: Document, row: Row | None) -> Any:  # noqa: ANN401 - likewise
        """Answer about a row as it stands now, and learn the names of what is new in it."""
        found = self._answer(register, row)
        if register.name in {"agreements", "achievements"}:
            self.labels.update(_labels_of(self._told.get(document), found))
        self._told[document] = found
        return found

    def _note(self, document: Document, event: RecordedEvent[Event], old: Any, new: Any) -> None:  # noqa: ANN401 - likewise
        before, now = (old or new), (new or old)
        if self._span.against == "report" and now is not None:
            self._holder[document] = now.unit
            if document not in self._trails:
                self._reported[document] = self._report_of(before.unit) in self._baselines
        name = name_of(now)
        for each in compare(old, new, f"[{name}]"):
            periods = self._trails.setdefault(document, {})
            places = periods.setdefault(_period_of(document, each.place), {})
            places.setdefault(each.place, []).append((event.position, each))
            self.events[event.position] = event

    def _settle(self, document: Document, event: RecordedEvent[Event]) -> None:
        """Begin anew after an approval, and after whatever else the same command recorded."""
        part, trails = part_of(document.register, event), self._trails.get(document, {})
        if isinstance(event.body, SETTLING.get(document.register, ())):
            self._baselines[document, part] = event
        elif all(each.command_id != event.command_id for each in self._approvals(document, part)):
            return
        for settled in [each for each in trails if not each or part in settling_periods(each)]:
            del trails[settled]

    def _approvals(self, document: Document, period: str) -> list[RecordedEvent[Event]]:
        """Return what a period of a document is held against: the last approvals of those that cover it."""
        found = (self._baselines.get((document, each)) for each in settling_periods(period))
        return [each for each in found if each is not None]

    def _submitted(self, event: RecordedEvent[Event]) -> None:
        unit, year = cycle_of(event.stream) or (None, None)
        if year != self._span.year or self._span.unit not in {None, unit}:
            return
        self._baselines[self._report_of(unit)] = event
        for document in [each for each in self._trails if self._holder[each] == unit]:
            del self._trails[document]

    def _report_of(self, unit: str | None) -> tuple[Document, str]:
        return Document("reports", f"{unit}/{self._span.year}"), ""

    def _concerns(self, document: Document) -> bool:
        if self._trails.get(document):
            return True
        register = next(each for each in REGISTERS if each.name == document.register)
        return self._answer(register, self._folds[document.register].rows.get(document.key)) is not None

    def _has_baseline(self, document: Document, period: str) -> bool:
        if self._span.against == "moment":
            return True
        if self._span.against == "report":
            return self._reported[document]
        return bool(self._approvals(document, period)) if period else any(own == document for own, _ in self._baselines)


class _ToldAgain:
    """Gives the achievement of a commitment of one row again while nothing of it changed.

    An event leaves whatever it doesn't change of a row the same object, which mostly is all commitments but one.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[CommitmentEntry, Iterable[Measured], CommitmentAchievement]] = {}

    def __call__(
        self, entry: CommitmentEntry, measured: Iterable[Measured], fiscal_year: int, day: date
    ) -> CommitmentAchievement:
        """Answer as `achieved` does; year and day are the same each time."""
        last = self._last.get(entry.commitment.id)
        if last is not None and last[0] is entry and last[1] is measured:
            return last[2]
        found = achieved(entry, measured, fiscal_year, day)
        self._last[entry.commitment.id] = (entry, measured, found)
        return found


def _period_of(document: Document, place: str) -> str:
    """Return the period that a place of the achievements is about, or nothing."""
    found = _PERIOD.search(place) if document.register == "achievements" else None
    return "" if found is None else found[1]


def _labels_of(old: object, new: object) -> dict[str, str]:
    """Return the names of the ids in an agreement or an achievement that were not in it before."""
    labels: dict[str, str] = {}
    known = {id(each) for each in getattr(old, "commitments", ())}
    for each in (each for each in getattr(new, "commitments", ()) if id(each) not in known):
        own = each.commitment
        labels |= {own: each.indicator} if isinstance(own, str) else {own.id: own.indicator.name}
    return labels
