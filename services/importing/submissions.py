"""Published uploads of documents: for which fiscal year, due when, and on time, late, missing or not to be said."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from domain.bounds import FIRST_FISCAL_YEAR
from services.importing.cells import PLACEHOLDER_YEAR, Unreadable, read_day, read_year
from services.importing.csv_reading import Row
from services.importing.due_dates import Due, DueDates
from services.importing.entities import Entities, Entity
from services.importing.faults import Fault
from services.importing.tables import DocumentType, Tables

Status = Literal["on_time", "late", "missing", "not_due", "no_rule", "due_date_unknown"]
"""`due_date_unknown`: the due date or the day of submission is unknown, so it is neither late nor on time."""

SAME_DAY: Final = 50
"""From how many rows of one day a mass upload is suspected."""


class SubmissionItem(Struct, frozen=True, kw_only=True):
    """One upload, or one document that the log does not have. `days_late` is null unless the lateness is known."""

    entity: str
    document: str
    label_year: int
    fiscal_year: int | None
    submitted_on: date | None
    due_on: date | None
    status: Status
    days_late: int | None
    reason: str | None


class ReadSubmission(Struct, frozen=True, kw_only=True):
    """An item and whose it is; `row` is null for a document that the log does not have."""

    row: Row | None
    entity: Entity
    item: SubmissionItem


class Upload(Struct, frozen=True, kw_only=True):
    """A row as it was read, before the log as a whole is known; `unknown` says why its day does not count."""

    row: Row
    entity: Entity
    kind: DocumentType | None
    label_year: int
    posted_on: date | None
    unknown: str | None

    @property
    def submitted_on(self) -> date | None:
        """The day of submission, null where it is unknown."""
        return None if self.unknown else self.posted_on


class SubmissionReader:
    """Reads the log of uploads against the due dates of one rulebook."""

    def __init__(self, due_dates: DueDates, entities: Entities, tables: Tables) -> None:
        self._due_dates = due_dates
        self._entities = entities
        self._tables = tables
        self._uploads: list[Upload] = []
        self.errors: list[Fault] = []
        self.warnings: list[Fault] = []

    def read(self, row: Row) -> None:
        """Read one row; a row without an entity, a document or a label year is only an error."""
        year = read_year(row["tahun_label"])
        missing = [column for column in ("entity", "doc_type_canonical") if not row[column]]
        self.errors.extend(row.fault("cell_missing", column) for column in missing)
        if year is None:
            self.errors.append(row.fault("year_unreadable", "tahun_label", detail=row["tahun_label"]))
        if missing or year is None:
            return
        document = row["doc_type_canonical"]
        kind = self._tables.document(document)
        if kind is None:
            self.warnings.append(row.fault("document_unknown", "doc_type_canonical", detail=document))
        posted_on, unknown = self._posted(row)
        entity = self._entities.resolve(row["entity"], year)
        self._uploads.append(
            Upload(row=row, entity=entity, kind=kind, label_year=year, posted_on=posted_on, unknown=unknown)
        )

    def finish(self) -> tuple[ReadSubmission, ...]:
        """Return every upload, then what the log lacks; judged as of the last day that the log reaches."""
        self.warnings.extend(_same_day(self._uploads))
        days = [each.posted_on for each in self._uploads if each.posted_on is not None]
        last_day = max((day for day in days if day.year != PLACEHOLDER_YEAR), default=None)
        return (*map(self._judged, self._uploads), *self._lacking(last_day))

    def _posted(self, row: Row) -> tuple[date | None, str | None]:
        """Return the day of upload, and why it does not count as the day of submission (null: it does)."""
        try:
            day = read_day(row["tgl_posting"])
        except Unreadable:
            self.errors.append(row.fault("date_unreadable", "tgl_posting", detail=row["tgl_posting"]))
            return None, "tanggal unggah tidak terbaca"
        if day is None:
            return None, "tanggal unggah tidak ada dalam sumber"
        return day, self._tables.why_unknown(day)

    def _judged(self, upload: Upload) -> ReadSubmission:
        fiscal_year = _fiscal_year(upload.kind, upload.label_year)
        due = self._due_dates.due(upload.kind, upload.entity, fiscal_year)
        submitted_on = upload.submitted_on
        late = None if due.on is None or submitted_on is None else max((submitted_on - due.on).days, 0)
        status: Status = due.status or ("due_date_unknown" if late is None else "late" if late else "on_time")
        reasons = [reason for reason in (due.reason, upload.unknown) if reason]
        item = SubmissionItem(
            entity=upload.row["entity"],
            document=upload.row["doc_type_canonical"],
            label_year=upload.label_year,
            fiscal_year=fiscal_year,
            submitted_on=submitted_on,
            due_on=due.on,
            status=status,
            days_late=late,
            reason="; ".join(reasons) or None,
        )
        return ReadSubmission(row=upload.row, entity=upload.entity, item=item)

    def _lacking(self, last_day: date | None) -> Iterator[ReadSubmission]:
        """Yield the expected documents that a unit lacks for a year of which the log has another document of it."""
        having: dict[tuple[str, int], Upload] = {}
        found: set[tuple[str, int, str]] = set()
        for each in self._uploads:
            year = (each.row["entity"], each.label_year)
            having.setdefault(year, each)
            found.add((*year, "" if each.kind is None else each.kind.type))
        expected = [kind for kind in self._tables.documents if kind.expected]
        for year, upload in having.items():
            for kind in expected:
                if upload.entity.standing != "not_entity" and (*year, kind.type) not in found:
                    yield self._absent(kind, upload, last_day)

    def _absent(self, kind: DocumentType, upload: Upload, last_day: date | None) -> ReadSubmission:
        fiscal_year = _fiscal_year(kind, upload.label_year)
        due = self._due_dates.due(kind, upload.entity, fiscal_year)
        status, reason = _absence(fiscal_year, due, last_day)
        item = SubmissionItem(
            entity=upload.row["entity"],
            document=kind.type,
            label_year=upload.label_year,
            fiscal_year=fiscal_year,
            submitted_on=None,
            due_on=due.on,
            status=status,
            days_late=None,
            reason=reason,
        )
        return ReadSubmission(row=None, entity=upload.entity, item=item)


def _absence(fiscal_year: int | None, due: Due, last_day: date | None) -> tuple[Status, str | None]:
    """Say what follows from a document not being in the log, as of the last day that the log reaches.

    A document whose due date is unknown is missing once its fiscal year is over.
    """
    if due.status == "no_rule" or fiscal_year is None:
        return "no_rule", due.reason
    if last_day is not None and last_day > (due.on or date(fiscal_year, 12, 31)):
        return "missing", f"tidak ada dalam sumber, yang berakhir pada {last_day.isoformat()}"
    return due.status or "not_due", due.reason or "belum jatuh tempo pada hari terakhir sumber"


def _fiscal_year(kind: DocumentType | None, label_year: int) -> int | None:
    year = None if kind is None else label_year + kind.offset
    return year if year is not None and year >= FIRST_FISCAL_YEAR else None


def _same_day(uploads: Sequence[Upload]) -> Iterable[Fault]:
    """Warn of days that many rows share and that count all the same."""
    counted = Counter(each.submitted_on for each in uploads if each.submitted_on is not None)
    for day, count in sorted(counted.items()):
        if count >= SAME_DAY:
            first = next(each.row for each in uploads if each.submitted_on == day)
            yield first.fault("same_day", "tgl_posting", detail=f"{day.isoformat()}, {count} baris")
