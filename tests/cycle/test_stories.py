"""The stories of the played year, as an auditor reads them afterwards."""

from datetime import date
from typing import Any

import pytest

from projections import (
    agreement_register,
    evaluation_result,
    hold_register,
    recommendation_register,
    report_register,
)
from projections.catalogue import READ_MODELS
from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.demo.chapters import HOLD, OLD_FINDING
from services.difference import Difference, difference
from services.event_log.contract import LogEntry
from services.settling import Span
from services.year_file import open_year_file
from tests.cycle.api import api
from tests.cycle.played import plain


def stream(year: System, name: str) -> list[LogEntry]:
    """Return the entries of a stream."""
    return list(year.log.read_stream(INSTITUTION, name))


def told(year: System, name: str) -> list[tuple[str, str, str]]:
    """Return what a stream tells: on which day what took effect, and who recorded it."""
    return [(str(e.effective_on), e.topic.split(".")[1], e.actor_id) for e in stream(year, name)]


def difference_between(year: System, earlier: str, later: str) -> Difference:
    """Return what differs at the end of 2024 between what was known on two days."""
    first, last = (year.reader.moment(INSTITUTION, each)[0] for each in (earlier, later))
    span = Span(year=2024, unit=None, day=date(2024, 12, 31), against="moment", earlier=first, later=last)
    return difference(year.reader.events(INSTITUTION, until=last), span)


class TestHold:
    def test_it_went_from_proposal_to_release_by_the_law(self, year: System) -> None:
        assert told(year, f"hold/{HOLD}") == [
            ("2024-02-16", "proposed", "system:timekeeper"),
            ("2024-02-20", "recommended", "kartika"),
            ("2024-02-20", "notice_served", "kartika"),
            ("2024-03-01", "notice_lapsed", "system:timekeeper"),
            ("2024-03-05", "imposed", "ratna"),
            ("2024-03-13", "objection_filed", "dewi"),
            ("2024-03-20", "objection_decided", "bupati"),
            ("2024-03-25", "released", "ratna"),
        ]

    def test_those_who_recommended_imposed_objected_and_judged_were_different_people(self, year: System) -> None:
        by = {what: who for _, what, who in told(year, f"hold/{HOLD}")}
        people = [by[what] for what in ("recommended", "imposed", "objection_filed", "objection_decided")]

        assert len(set(people)) == 4

    @pytest.mark.parametrize(
        ("known_at", "status", "held"),
        [
            ("2024-02-19", "proposed", []),
            ("2024-02-29", "notice_served", []),
            ("2024-03-04", "notice_lapsed", []),
            ("2024-03-05", "imposed", ["50"]),
            ("2024-03-21", "imposed", ["50"]),
            ("2024-03-25", "released", ["0"]),
        ],
    )
    def test_each_day_tells_what_was_held(self, year: System, known_at: str, status: str, held: list[str]) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS, known_at) as view:
            hold = hold_register.hold(view.rows, view.valid_on, key=HOLD)

        assert hold is not None
        assert (hold.status, [str(share.held_percent) for share in hold.shares]) == (status, held)
        assert hold.in_force == (status == "imposed")

    def test_nobody_was_held_for_a_duty_met_before_the_decision(self, year: System) -> None:
        """The report of the late unit came in on 14 March 2025, a week after the proposal."""
        assert told(year, "hold/2024.disdik.report") == [
            ("2025-03-08", "proposed", "system:timekeeper"),
            ("2025-03-14", "lapsed", "system:overdue_to_hold"),
        ]


class TestOverlap:
    def test_2025_was_signed_while_2024_was_unreported_and_2023_had_open_recommendations(self, year: System) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS, "2025-01-20") as view:
            rows, day = view.rows, view.valid_on
            signed = agreement_register.agreements(rows, day, fiscal_year=2025, status="signed")
            reports = report_register.reports(rows, day, fiscal_year=2024)
            still_open = recommendation_register.recommendations(rows, day, fiscal_year=2023, status="open")

        assert len(signed) == 7
        assert {str(each.signed_on) for each in signed} == {"2025-01-20"}
        assert not [each for each in reports if each.submitted_on]
        assert {each.id for each in still_open} == {"2023.dinkes.r2", "2023.pemda.r1"}
        assert {each.carried_into for each in still_open} == {(2025,)}

    def test_a_lhe_was_issued_for_a_year_without_agreement_or_report(self, year: System) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS, "2024-08-12") as view:
            rows, day = view.rows, view.valid_on
            of: dict[str, Any] = {"unit": "dinkes", "fiscal_year": 2023}
            evaluated = evaluation_result.evaluation(rows, day, **of)
            papers = agreement_register.agreement(rows, day, **of), report_register.report(rows, day, **of)

        assert papers == (None, None)
        assert evaluated is not None
        assert evaluated.result is not None
        assert (evaluated.result.kind, evaluated.result.number) == ("internal", "LHE/01/2024")
        assert evaluated.result.score.total is not None

    def test_a_lhe_was_issued_for_a_unit_that_never_reported(self, year: System) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS) as view:
            report = report_register.report(view.rows, view.valid_on, unit="bkad", fiscal_year=2024)
            evaluated = evaluation_result.evaluation(view.rows, view.valid_on, unit="bkad", fiscal_year=2024)

        assert report is None or report.submitted_on is None
        assert evaluated is not None
        assert evaluated.result is not None

    def test_the_institutions_own_agreement_has_one_signatory_and_a_units_two(self, year: System) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS, "2024-12-31") as view:
            signed = agreement_register.agreements(view.rows, view.valid_on, fiscal_year=2024)

        papers = {each.unit: [one.person for one in each.paper.signatories] for each in signed if each.paper}
        assert papers.pop("pemda") == ["bupati"]
        assert {(len(names), names[-1]) for names in papers.values()} == {(2, "bupati")}


class TestOutside:
    def test_the_lhe_of_the_ministry_is_entered_as_it_was_published(self, year: System) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS) as view:
            evaluated = evaluation_result.evaluation(view.rows, view.valid_on, unit="pemda", fiscal_year=2023)

        assert evaluated is not None
        (result,) = evaluated.external
        assert (result.issuer, str(result.score.total), result.score.predicate) == ("KemenPANRB", "71.25", "BB")
        assert (result.by_rule, result.agrees) == ("BB", True)

    def test_its_finding_is_followed_up_by_its_owner_and_closed_by_the_verifier(self, copy: System) -> None:
        verdict = {"issuer": "KemenPANRB", "verdict": "Selesai ditindaklanjuti", "document": "B/9/2025"}
        with api(copy) as client:
            client.does("hendra", "follow_up.record_verdict", recommendation="2023.pemda.r1", **verdict)
            found = client.asks("nadia", "follow-up/2023.pemda.r1")["data"]

        assert (found["status"], found["result"], found["closed_on"]) == ("closed", "sesuai", "2025-06-02")
        assert found["owners"] == ["bappeda"]
        assert [each["trace"]["by"] for each in found["progress"]] == ["tari"]
        assert [each["result"] for each in found["issuer_verdicts"]] == ["Selesai ditindaklanjuti"]


class TestFollowUp:
    def test_a_weakness_found_again_is_linked_both_ways_and_both_stay_open_to_their_verifiers(
        self, year: System
    ) -> None:
        with year.reader.view(INSTITUTION, READ_MODELS) as view:
            old = recommendation_register.recommendation(view.rows, view.valid_on, key=OLD_FINDING)
            new = recommendation_register.recommendation(view.rows, view.valid_on, key="2024.dinkes.r1")

        assert old is not None
        assert new is not None
        assert (old.repeated_by, old.status) == (("2024.dinkes.r1",), "not_started")
        assert new.opened.repeats == OLD_FINDING

    @pytest.mark.parametrize("key", ["2023.dinkes.r1", "2024.dinkes.r1"])
    def test_what_is_closed_was_proposed_by_one_and_approved_by_another_outside_the_unit(
        self, year: System, key: str
    ) -> None:
        by = {entry.topic.split(".")[1]: entry for entry in stream(year, f"recommendation/{key}")}
        proposed, approved = by["result_proposed"], by["result_approved"]

        assert proposed.actor_id != approved.actor_id
        assert {proposed.actor_unit, approved.actor_unit} == {"inspektorat"}


class TestCorrection:
    def test_the_year_as_known_at_two_dates_differs_in_the_corrected_figure_by_its_author(self, year: System) -> None:
        found = difference_between(year, "2024-07-15", "2024-07-31")

        changed = {change.place: (change.earlier, change.later) for change in found.changes if change.kind == "figure"}
        place = "[dinkes].commitments[aki].periods[2024-Q1]"
        assert changed == {
            f"{place}.realised.value": ("104", "109"),
            f"{place}.achievement.value": ("96", "91"),
            f"{place}.achievement.capped": ("96", "91"),
        }
        assert [(event.type, event.actor.id) for event in found.events] == [
            ("measurement.realisation_corrected.v1", "agus"),
        ]

    def test_a_date_against_itself_differs_in_nothing(self, year: System) -> None:
        found = difference_between(year, "2024-07-31", "2024-07-31")

        assert (found.changes, found.events) == ((), ())

    def test_the_first_figure_stays_in_the_file_beside_the_right_one(self, year: System) -> None:
        file = open_year_file(year.reader, INSTITUTION, 2024, unit="dinkes")
        (revision,) = file.achievements[0].revisions

        assert plain(revision.before) == {"type": "number", "value": "104"}
        assert plain(revision.after) == {"type": "number", "value": "109"}
        assert (revision.trace.by, revision.period) == ("agus", "2024-Q1")
