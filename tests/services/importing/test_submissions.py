"""Uploads of documents: the fiscal year by the table, due dates by the rulebook, and nothing that is not known."""

from datetime import date

import pytest

from services.importing.submissions import SubmissionItem
from services.importing.tables import tables
from tests.services.importing.staged import codes, notes, stage

UNIT = "Gunungkidul - KAPANEWON PLAYEN"
PEMDA = "Gunungkidul - PEMERINTAH KABUPATEN GUNUNGKIDUL"


def items(*rows: str) -> list[SubmissionItem]:
    return [each.item for each in stage(submissions=rows).submissions]


def uploaded(entity: str, document: str, label: int, day: str) -> str:
    return f"{entity},{document},Judul,{label},{day},sumber"


def first(entity: str, document: str, label: int, day: str) -> SubmissionItem:
    return items(uploaded(entity, document, label, day))[0]


@pytest.mark.parametrize(
    ("entity", "day", "due_on", "status", "days_late"),
    [
        (UNIT, "2025-02-27", date(2025, 2, 28), "on_time", 0),
        (UNIT, "2025-02-28", date(2025, 2, 28), "on_time", 0),
        (UNIT, "2025-03-01", date(2025, 2, 28), "late", 1),
        (PEMDA, "2025-03-31", date(2025, 3, 31), "on_time", 0),
        (PEMDA, "2025-07-08", date(2025, 3, 31), "late", 99),
    ],
)
def test_a_report_is_due_two_months_after_the_year_and_the_institutions_own_three(
    entity: str, day: str, due_on: date, status: str, days_late: int
) -> None:
    item = first(entity, "LKjIP", 2025, day)
    assert (item.fiscal_year, item.due_on, item.status, item.days_late) == (2024, due_on, status, days_late)


def test_in_a_leap_year_it_is_due_on_the_29th() -> None:
    assert first(UNIT, "LKjIP", 2024, "2024-03-06").due_on == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("document", "fiscal_year"),
    [("PK", 2025), ("LKjIP", 2024), ("PENGUKURAN_TW", 2024), ("LHE", 2024), ("RENJA", 2025)],
)
def test_the_fiscal_year_depends_on_the_document(document: str, fiscal_year: int) -> None:
    assert first(UNIT, document, 2025, "2025-03-04").fiscal_year == fiscal_year


def test_every_entry_of_the_table_has_its_evidence() -> None:
    assert len({each.type for each in tables().documents}) == len(tables().documents)
    assert all(each.evidence for each in tables().documents)


@pytest.mark.parametrize("day", ["1900-01-22", "2024-02-27", "2024-02-28", "", "NULL"])
def test_a_day_that_says_nothing_counts_as_unknown(day: str) -> None:
    item = first(UNIT, "LKjIP", 2024, day)
    assert (item.submitted_on, item.status, item.days_late) == (None, "due_date_unknown", None)
    assert item.due_on == date(2024, 2, 29)
    assert item.reason


def test_the_days_around_the_migration_count() -> None:
    assert first(UNIT, "LKjIP", 2024, "2024-02-26").status == "on_time"
    assert first(UNIT, "LKjIP", 2024, "2024-02-29").status == "on_time"


def test_without_a_ratified_budget_the_due_date_of_an_agreement_is_unknown() -> None:
    item = first(UNIT, "PK", 2025, "2025-03-04")
    assert (item.submitted_on, item.due_on, item.status) == (date(2025, 3, 4), None, "due_date_unknown")


@pytest.mark.parametrize("document", ["RENSTRA", "IKU_SK", "LHE", "PENGUKURAN_TW", "SURAT"])
def test_most_documents_have_no_national_due_date(document: str) -> None:
    item = first(UNIT, document, 2025, "2025-03-04")
    assert (item.due_on, item.status, item.days_late) == (None, "no_rule", None)
    assert item.reason


def test_no_rule_reaches_back_before_its_own_beginning() -> None:
    assert first(UNIT, "LKjIP", 2014, "2014-03-01").status == "no_rule"
    assert first(UNIT, "LKjIP", 2015, "2015-03-01").status == "late"


def test_missing_is_said_only_of_units_with_another_document_of_that_year() -> None:
    found = items(
        uploaded(UNIT, "RENJA", 2025, "2025-03-04"),
        uploaded(UNIT, "PK", 2025, "2025-03-04"),
        uploaded(PEMDA, "LKjIP", 2025, "2026-03-09"),
    )
    absent = [(each.entity, each.document, each.fiscal_year, each.status) for each in found[3:]]
    assert absent == [(UNIT, "LKjIP", 2024, "missing"), (PEMDA, "PK", 2025, "missing")]
    assert all(each.submitted_on is None and each.days_late is None and each.reason for each in found[3:])


def test_what_the_log_ends_before_is_not_due() -> None:
    found = items(uploaded(UNIT, "RENJA", 2025, "2025-01-30"), uploaded(UNIT, "PK", 2025, "2025-01-30"))
    assert [(each.document, each.status) for each in found[2:]] == [("LKjIP", "not_due")]


def test_an_agreement_that_the_log_lacks_is_missing_once_its_year_is_over() -> None:
    same_year = items(uploaded(UNIT, "LKjIP", 2025, "2025-03-04"))
    assert [(each.document, each.status) for each in same_year[1:]] == [("PK", "due_date_unknown")]


def test_an_empty_field_of_the_application_is_no_unit_and_misses_nothing() -> None:
    batch = stage(submissions=(uploaded("Gunungkidul - OPD NULL", "PENGUKURAN_TW", 2025, "2025-09-04"),))
    assert [each.item.document for each in batch.submissions] == ["PENGUKURAN_TW"]
    assert (codes(batch), notes(batch)) == ([], ["not_an_entity"])


def test_a_date_that_is_none_is_an_error_and_the_row_is_told() -> None:
    batch = stage(submissions=(uploaded(UNIT, "LKjIP", 2025, "2025-02-30"), uploaded(UNIT, "PK", 2025, "kemarin")))
    assert codes(batch) == ["date_unreadable", "date_unreadable"]
    assert [each.item.submitted_on for each in batch.submissions] == [None, None]


def test_an_unknown_document_and_a_day_shared_by_many_are_warned_of() -> None:
    rows = [uploaded(UNIT, "SURAT" if number == 0 else "RENJA", 2026, "2026-03-09") for number in range(50)]
    assert notes(stage(submissions=tuple(rows))) == ["document_unknown", "same_day"]
