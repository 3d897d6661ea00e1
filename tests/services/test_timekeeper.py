"""What time alone brings about: on its day, once, and only where the law lets it."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from domain.actor import Role
from domain.event import Origin
from domain.stream import hold_stream, obligation_stream
from services.command_handler import CommandHandler, Request
from services.event_log.contract import StreamConflictError
from services.timekeeper import Timekeeper
from tests.services.office import AGREEMENT, HOLD, INSTITUTION, Office, by_system, office, open_year, sign

OBLIGATION = obligation_stream(HOLD)
OVERDUE, PROPOSED = "obligation.overdue.v1", "hold.proposed.v1"
DUE_ON = "2024-02-02"
"""One month after the budget was ratified on 2 January (PermenPANRB 53/2014, Lampiran I)."""


@pytest.fixture
def year(regency: Office) -> Office:
    """Open the year; the unit has not signed."""
    open_year(regency)
    return regency


def days(first: str, last: str) -> list[str]:
    """Return every day from one to another, both included."""
    span = range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)
    return [date.fromordinal(day).isoformat() for day in span]


def imposed(opened: Office) -> None:
    """Let the hold of the unsigned agreement be recommended, noticed and imposed; objected to on the last day."""
    opened.lives_through(*days(DUE_ON, "2024-02-12"))
    opened.does("kabag", "hold.recommend", hold=HOLD, reason="Belum ditandatangani")
    opened.does("kabag", "hold.serve_notice", hold=HOLD, number="800/1")
    opened.lives_through(*days("2024-02-13", "2024-02-22"))
    shares = [{"person": "kadin", "percent": "50"}]
    opened.does("sekda", "hold.impose", hold=HOLD, decision="Kep. 1", persons=shares, months=["2024-03"])
    opened.does("op", "hold.file_objection", hold=HOLD, grounds="Keberatan")
    opened.settle()


class TestOverdue:
    def test_a_duty_is_overdue_on_the_day_after_its_due_date_and_not_before(self, year: Office) -> None:
        year.lives_through(*days("2024-01-03", DUE_ON))
        assert OVERDUE not in year.types(OBLIGATION)

        year.lives_through("2024-02-03")
        assert year.types(OBLIGATION)[-1] == OVERDUE
        entry = year.system.log.read_stream(INSTITUTION, OBLIGATION)[-1]
        assert (entry.actor_id, entry.actor_role, entry.effective_on) == (
            "system:timekeeper",
            "timekeeper",
            date(2024, 2, 3),
        )

    def test_the_day_is_that_of_the_institution(self, year: Office) -> None:
        """17.00 UTC on 2 February is midnight in Jakarta."""
        year.clock.set(year.clock.now().replace(month=2, day=2, hour=16, minute=59))
        assert year.system.timekeeper.tick(INSTITUTION) == 0
        year.clock.set(year.clock.now().replace(hour=17, minute=0))
        assert year.system.timekeeper.tick(INSTITUTION) == 1

    def test_a_signed_agreement_is_never_overdue(self, year: Office) -> None:
        sign(year)
        year.lives_through("2024-02-03", "2024-03-01")

        assert OVERDUE not in year.types(OBLIGATION)

    def test_a_day_that_nobody_looked_at_is_caught_up_on(self, year: Office) -> None:
        year.lives_through("2024-02-12")

        assert year.types(OBLIGATION)[-1] == OVERDUE
        assert year.types(hold_stream(HOLD)) == [PROPOSED]

    def test_a_duty_without_due_date_is_never_overdue(self, year: Office) -> None:
        """No national rule dates the quarterly measurement (PermenPANRB 53/2014)."""
        year.lives_through("2024-12-31")

        assert OVERDUE not in year.types(obligation_stream("2024.dinkes.measurement-q1"))


class TestHistory:
    def test_history_is_left_alone(self, regency: Office) -> None:
        entered: dict[str, Any] = {"duty": "report", "subject": "Laporan kinerja 2022", "anchor": "2022-12-31"}
        opening = by_system(
            Role.IMPORTER, "obligation.open", origin=Origin.HISTORY, **entered, obligation="2022.dinkes.report"
        )
        regency.system.handler.handle(opening)
        regency.lives_through("2024-06-03", "2024-06-30")

        assert regency.types(obligation_stream("2022.dinkes.report")) == [
            "obligation.opened.v1",
            "obligation.due_date_set.v1",
        ]

    def test_the_same_duty_of_today_is_not(self, regency: Office) -> None:
        """The control: what is left alone is history, not lateness."""
        opened: dict[str, Any] = {"duty": "report", "subject": "Laporan kinerja 2023", "anchor": "2023-10-31"}
        regency.system.handler.handle(
            by_system(Role.WORKFLOW, "obligation.open", **opened, obligation="2023.dinkes.report")
        )
        regency.lives_through("2024-06-03")

        assert regency.types(obligation_stream("2023.dinkes.report"))[-1] == OVERDUE


class TestHolds:
    def test_a_hold_is_proposed_when_the_grace_is_over(self, year: Office) -> None:
        """Five working days after Friday, 2 February 2024 end with Friday the 9th."""
        year.lives_through(*days(DUE_ON, "2024-02-09"))
        assert year.types(hold_stream(HOLD)) == []

        year.lives_through("2024-02-10")
        assert year.types(hold_stream(HOLD)) == [PROPOSED]

    def test_without_an_adopted_rule_there_is_no_proposal(self, year: Office) -> None:
        year.does("kabag", "organisation.end_rulebook", kind="hold", reason="Dicabut", effective_on="2024-01-01")
        year.lives_through("2024-02-03", "2024-03-01")

        assert year.types(OBLIGATION)[-1] == OVERDUE
        assert year.types(hold_stream(HOLD)) == []

    def test_a_notice_lapses_when_its_term_is_over(self, year: Office) -> None:
        """Seven working days after Monday, 12 February 2024 end with Wednesday the 21st."""
        year.lives_through(*days(DUE_ON, "2024-02-12"))
        year.does("kabag", "hold.serve_notice", hold=HOLD, number="800/1")
        year.lives_through("2024-02-21")
        assert "hold.notice_lapsed.v1" not in year.types(hold_stream(HOLD))

        year.lives_through("2024-02-22")
        assert year.types(hold_stream(HOLD))[-1] == "hold.notice_lapsed.v1"

    def test_an_objection_that_nobody_decides_is_deemed_granted(self, year: Office) -> None:
        """Ten working days after Thursday, 22 February 2024 end with Thursday, 7 March (UU 30/2014 Pasal 77)."""
        imposed(year)
        before = year.types(hold_stream(HOLD))
        year.lives_through(*days("2024-02-23", "2024-03-07"))
        assert year.types(hold_stream(HOLD)) == before

        year.lives_through("2024-03-08")
        assert year.types(hold_stream(HOLD))[len(before) :] == ["hold.objection_decided.v1", "hold.released.v1"]


class TestOnce:
    def test_nothing_is_said_twice(self, year: Office) -> None:
        imposed(year)
        year.lives_through(*days("2024-02-23", "2024-04-30"))

        said = Counter(
            (entry.originator_id, entry.topic)
            for entry in year.system.log.read(INSTITUTION, limit=10_000)
            if entry.actor_role == "timekeeper"
        )
        assert set(said.values()) == {1}
        assert {topic for _, topic in said} >= {OVERDUE, PROPOSED, "hold.notice_lapsed.v1"}

    def test_two_timekeepers_say_it_once(self, year: Office) -> None:
        """As two workers have: the second asks under the same id."""
        year.on("2024-02-03")
        second = Timekeeper(reader=year.system.reader, handler=year.system.handler, clock=year.clock)

        assert (year.system.timekeeper.tick(INSTITUTION), second.tick(INSTITUTION)) == (1, 0)
        assert year.types(OBLIGATION).count(OVERDUE) == 1

    def test_a_tick_that_was_outrun_asks_again(self, year: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        year.on("2024-02-03")
        handle = CommandHandler.handle
        conflicts = [StreamConflictError(OBLIGATION, 2, 3)]

        def conflicted(handler: CommandHandler, asked: Request) -> Any:  # noqa: ANN401 - as the handler's own
            if conflicts:
                raise conflicts.pop()
            return handle(handler, asked)

        monkeypatch.setattr(CommandHandler, "handle", conflicted)
        with pytest.raises(StreamConflictError):
            year.system.timekeeper.tick(INSTITUTION)

        assert year.system.timekeeper.tick(INSTITUTION) == 1
        assert year.types(OBLIGATION)[-1] == OVERDUE

    def test_a_second_look_at_the_same_day_and_position_asks_nothing(
        self, year: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        year.lives_through("2024-02-03")
        year.system.timekeeper.tick(INSTITUTION)
        asked: list[object] = []
        monkeypatch.setattr(CommandHandler, "handle", lambda _handler, request: asked.append(request))

        assert year.system.timekeeper.tick(INSTITUTION) == 0
        assert asked == []


class TestAfterARestart:
    def test_what_was_said_before_is_not_said_again(self, file_url: str) -> None:
        with office(file_url) as before:
            open_year(before)
            before.lives_through("2024-02-03")
            told, now = before.told(), before.clock.now()
        with office(file_url, founded=False, begins=now) as after:
            after.lives_through("2024-02-03")
            assert after.told() == told
            assert AGREEMENT["unit"] in told[-1][0]
