"""The days off that are proposed for a year."""

from datetime import date

from services.calendar_proposal import propose_calendar


class TestCalendarProposal:
    def test_it_proposes_the_days_off_of_a_year_in_order(self) -> None:
        proposal = propose_calendar(2024)
        days = (*proposal.holidays, *proposal.joint_leave)

        assert date(2024, 1, 1) in proposal.holidays
        assert date(2024, 8, 17) in proposal.holidays
        assert proposal.joint_leave
        assert len(set(days)) == len(days)
        assert {each.year for each in days} == {2024}
        assert list(proposal.holidays) == sorted(proposal.holidays)
