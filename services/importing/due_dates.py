"""When a published document was due, where a rulebook says so, and why there is no date where it does not."""

from datetime import date
from typing import Final, Literal

from msgspec import Struct

from domain.calendar import WorkingCalendar
from domain.duty_rules import AppliesTo, DueDateRules
from services.importing.entities import Entity
from services.importing.tables import DocumentType, Tables

_CENTRAL: Final = frozenset({"kementerian", "lembaga", "ministry", "agency"})


class Due(Struct, frozen=True, kw_only=True):
    """A due date; or `no_rule`, or `due_date_unknown` because what the rule counts from is unknown; with the reason."""

    on: date | None = None
    status: Literal["no_rule", "due_date_unknown"] | None = None
    reason: str | None = None


class DueDates:
    """The due dates of one rulebook for the documents of the tables."""

    def __init__(self, rules: DueDateRules, tables: Tables) -> None:
        self._rules = rules
        self._first = tables.due_dates.first_fiscal_year

    def due(self, kind: DocumentType | None, entity: Entity, fiscal_year: int | None) -> Due:
        """Return when a document of an entity and fiscal year was due; month-based terms need no calendar."""
        if kind is None or kind.duty is None or fiscal_year is None:
            return Due(status="no_rule", reason="tidak ada aturan nasional tentang jatuh tempo dokumen ini")
        if fiscal_year < self._first:
            return Due(status="no_rule", reason=f"aturan jatuh tempo berlaku mulai tahun anggaran {self._first}")
        applies_to = _applies_to(entity)
        rule = self._rules.rule_for(kind.duty, applies_to or "unit")
        year_end = date(fiscal_year, 12, 31)
        due_on = None if rule is None else rule.due_on(year_end, WorkingCalendar(years=()))
        if rule is None or due_on is None:
            return Due(status="no_rule", reason="tanggalnya tidak diatur secara nasional")
        if applies_to is None:
            return Due(status="due_date_unknown", reason="tidak diketahui apakah ini instansi atau unit")
        if rule.anchor != "fiscal_year_end":
            reason = "tanggal pengesahan dokumen anggaran, awal jangka waktunya, tidak ada dalam sumber"
            return Due(status="due_date_unknown", reason=reason)
        return Due(on=due_on)


def _applies_to(entity: Entity) -> AppliesTo | None:
    if entity.standing == "head" and entity.institution is not None:
        return "central_institution" if entity.institution.level in _CENTRAL else "regional_institution"
    if entity.standing == "regional":
        return "regional_institution"
    return "unit" if entity.standing == "unit" else None
