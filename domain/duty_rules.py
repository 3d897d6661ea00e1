"""The rules of duties: when they are due, how recommendations are followed up, and when an allowance may be held."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from domain.bounds import Figure, Identifier, Line, check_figures
from domain.calendar import WorkingCalendar, add_calendar_days, add_months
from domain.evaluation_rules import FULL
from domain.legal_rule import LegalRule

Months = Annotated[int, Meta(ge=0, le=120)]
Days = Annotated[int, Meta(ge=0, le=1_000)]
Role = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z][a-z_]*(?!\n)$")]
ResultCode = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z_]*(?!\n)$")]

AppliesTo = Literal["unit", "regional_institution", "central_institution"]
"""Who has the duty: a unit (perangkat daerah), a regional government, or a ministry or agency (K/L)."""

Anchor = Literal["budget_ratified", "fiscal_year_end", "period_end", "received"]
"""From which day a term runs; the event that fixes a due date names the day."""

HoldKind = Literal["tunda", "potong", "tidak_dibayarkan"]
"""`tunda` is paid later, `potong` is lost in part, `tidak_dibayarkan` is not paid."""


class DueDateRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One duty and its term after the anchor day; without a term no due date is set (only a local rule may set one)."""

    duty: Identifier
    name: Line
    applies_to: AppliesTo
    anchor: Anchor
    article: Line
    months: Months | None = None
    calendar_days: Days | None = None
    working_days: Days | None = None

    def __post_init__(self) -> None:
        """Refuse two terms for one duty."""
        if sum(term is not None for term in (self.months, self.calendar_days, self.working_days)) > 1:
            raise ValueError(f"Kewajiban {self.duty} hanya boleh punya satu jangka waktu")

    def due_on(self, anchor: date, calendar: WorkingCalendar) -> date | None:
        """The last day of the term that runs from `anchor`, or null where the rule sets none.

        Month-based terms keep the day of the month and do not roll over weekends: a budget ratified on 30 January
        makes the agreement due on 28 or 29 February (PermenPANRB 53/2014 Lampiran I).
        """
        if self.months is not None:
            return add_months(anchor, self.months)
        if self.calendar_days is not None:
            return add_calendar_days(anchor, self.calendar_days)
        if self.working_days is not None:
            return calendar.add_working_days(anchor, self.working_days)
        return None


class DueDateRules(LegalRule, frozen=True, kw_only=True, tag="due_dates", forbid_unknown_fields=True):
    """The due dates that a regulation sets."""

    duties: Annotated[tuple[DueDateRule, ...], Meta(min_length=1, max_length=100)]

    def __post_init__(self) -> None:
        """Refuse a duty that is ruled twice for the same kind of entity."""
        if len({(rule.duty, rule.applies_to) for rule in self.duties}) != len(self.duties):
            raise ValueError("Satu kewajiban diatur dua kali")

    def rule_for(self, duty: str, applies_to: AppliesTo) -> DueDateRule | None:
        """The rule of that duty, or null where this rulebook does not know the duty."""
        return next((rule for rule in self.duties if (rule.duty, rule.applies_to) == (duty, applies_to)), None)


class FollowUpResult(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A result that the verifier can reach, and whether it closes the recommendation."""

    code: ResultCode
    short: Line
    label: Line
    closes: bool = False
    needs_second_approval: bool = False

    def __post_init__(self) -> None:
        """Refuse a result that closes without a second approval: two people close an item, never one."""
        if self.closes and not self.needs_second_approval:
            raise ValueError(f"Hasil {self.code} menutup rekomendasi tanpa persetujuan kedua")


class FollowUpRules(LegalRule, frozen=True, kw_only=True, tag="follow_up", forbid_unknown_fields=True):
    """How recommendations of one issuer are followed up; `days` run from the receipt of the report."""

    issuer: Identifier
    days: Annotated[int, Meta(ge=1, le=1_000)]
    days_are: Literal["calendar", "working"]
    article: Line
    initial_result: ResultCode
    results: Annotated[tuple[FollowUpResult, ...], Meta(min_length=2, max_length=20)]

    def __post_init__(self) -> None:
        """Refuse repeated results, a vocabulary that never closes, and an initial result that is unknown or closes."""
        codes = {result.code for result in self.results}
        if len(codes) != len(self.results):
            raise ValueError("Hasil tindak lanjut berulang")
        if self.initial_result not in codes or self.result(self.initial_result).closes:
            raise ValueError("Hasil awal harus dikenal dan tidak menutup rekomendasi")
        if not any(result.closes for result in self.results):
            raise ValueError("Tidak ada hasil yang menutup rekomendasi")

    def result(self, code: str) -> FollowUpResult:
        """The result with that code; raises KeyError for a word that is not in the vocabulary."""
        for result in self.results:
            if result.code == code:
                return result
        raise KeyError(code)

    def knows(self, code: str) -> bool:
        """Whether the vocabulary has that result."""
        return any(result.code == code for result in self.results)

    def due_on(self, received_on: date, calendar: WorkingCalendar) -> date:
        """The last day to follow up a report received on `received_on`."""
        if self.days_are == "calendar":
            return add_calendar_days(received_on, self.days)
        return calendar.add_working_days(received_on, self.days)


class HoldTrigger(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty whose lateness may lead to a hold, after a grace of working days counted from its due date."""

    duty: Identifier
    grace_working_days: Days


class Objection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The objection regime (UU 30/2014 Pasal 77): working days to file, decide and issue.

    `deemed_granted`: an objection not decided in time counts as granted. `suspends`: filing stops the hold by itself.
    """

    file_within: Days
    decide_within: Days
    issue_within: Days
    deemed_granted: bool
    suspends: bool
    article: Line


class HoldRules(LegalRule, frozen=True, kw_only=True, tag="hold", forbid_unknown_fields=True):
    """When an allowance (TPP) may be held; only a local regulation says so, and none is active by default.

    `share_percent` is the part of the monthly allowance, above 0 up to 100. `recommended_by` and `decided_by` are
    roles, and always two different people act.
    """

    article: Line
    triggers: Annotated[tuple[HoldTrigger, ...], Meta(min_length=1, max_length=50)]
    hits: Literal["unit_head", "whole_unit", "persons_in_charge"]
    hold_kind: HoldKind
    share_percent: Figure
    notice_working_days: Days
    recommended_by: Role
    decided_by: Role
    objection: Objection

    def __post_init__(self) -> None:
        """Refuse a share outside 0 to 100, a repeated trigger, and one role that both recommends and decides."""
        check_figures(self.share_percent)
        if not 0 < self.share_percent <= FULL:
            raise ValueError("Bagian tunjangan harus di atas 0 sampai 100 persen")
        if len({trigger.duty for trigger in self.triggers}) != len(self.triggers):
            raise ValueError("Pemicu berulang")
        if self.recommended_by == self.decided_by:
            raise ValueError("Pengusul dan pemutus harus berbeda")

    def trigger_for(self, duty: str) -> HoldTrigger | None:
        """The trigger of that duty, or null where lateness in it leads to no hold."""
        return next((trigger for trigger in self.triggers if trigger.duty == duty), None)
