"""Published uploads as history: reports with the day of their submission, their duty, and the register of documents."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from domain.obligation.commands import OpenObligation
from domain.organisation.commands import RegisterDocument
from domain.report.commands import OpenReport, RecordPublishedReport
from domain.stream import derived_id
from services.importing.csv_reading import Row
from services.importing.orders import Order, Subject, from_source, one_line, source_of, year_begins, year_ends
from services.importing.staging import Batch
from services.importing.submissions import SubmissionItem

REPORT: Final = "LKjIP"
DUTY: Final = "report"

Upload = tuple[Row, SubmissionItem]


def report_orders(batch: Batch) -> Iterator[tuple[Subject, Order]]:
    """Yield each report once, by its first upload, and every other dated document for the register."""
    reports: dict[Subject, list[Upload]] = {}
    for each in batch.submissions:
        if each.row is None or each.entity.key is None or each.item.fiscal_year is None or not batch.good(each.row):
            continue
        subject = Subject(*each.entity.key, each.item.fiscal_year)
        if _is_report(each.row):
            reports.setdefault(subject, []).append((each.row, each.item))
        elif each.item.submitted_on is not None:
            yield subject, _document(subject, each.row, each.item.submitted_on)
    for subject, uploads in sorted(reports.items()):
        for order in _orders(subject, uploads):
            yield subject, order


def _is_report(row: Row) -> bool:
    """Say whether an upload is the report itself: the log files reports on single programmes under the same type."""
    return row["doc_type_canonical"].casefold() == REPORT.casefold() and "program" not in _title(row).casefold()


def _title(row: Row) -> str:
    return one_line(row["title_as_published"])


def _orders(subject: Subject, uploads: list[Upload]) -> Iterator[Order]:
    """The first upload counts; where one of them has no known day, nobody can say which was the first."""
    days = [item.submitted_on for _, item in uploads]
    known = [day for day in days if day is not None]
    submitted_on = min(known) if len(known) == len(days) else None
    row, item = next(each for each in uploads if submitted_on is None or each[1].submitted_on == submitted_on)
    year_only, day = submitted_on is None, submitted_on or year_ends(item.label_year)
    opened = {**subject.cycle, "opening": from_source(row)}
    yield Order(kind=OpenReport, fields=opened, effective_on=day, year_only=year_only, row=row, optional=True)
    published = {**subject.cycle, "submitted_on": submitted_on, "source": source_of(row)}
    yield Order(kind=RecordPublishedReport, fields=published, effective_on=day, year_only=year_only, row=row)
    if submitted_on is not None and item.due_on is not None:
        yield _duty(subject, row)


def _duty(subject: Subject, row: Row) -> Order:
    """The duty that the report met; duties of which the source shows no fulfilment are not called overdue."""
    year = subject.fiscal_year
    return Order(
        kind=OpenObligation,
        fields={
            "obligation": derived_id(subject.unit, year, DUTY),
            "duty": DUTY,
            "subject": f"Laporan kinerja {year}",
            "anchor": year_ends(year),
        },
        effective_on=year_begins(year),
        row=row,
        optional=True,
    )


def _document(subject: Subject, row: Row, day: date) -> Order:
    kind, title = one_line(row["doc_type_canonical"]), _title(row)
    return Order(
        kind=RegisterDocument,
        fields={
            **subject.cycle,
            "document": f"{kind}: {title}" if title else kind,
            "published_at": source_of(row),
        },
        effective_on=day,
        row=row,
    )
