"""`known_at` is a position, a day or an instant; `valid_on` any day; nothing else is guessed at."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from domain.errors import (
    InstitutionUnknown,
    KnownAtBeforeFirst,
    KnownAtInFuture,
    KnownAtMalformed,
    RowsOutdated,
    ValidOnMalformed,
)
from projections import agreement_register, organisation_chart
from projections.catalogue import READ_MODELS
from projections.replay import digest_of_rows
from tests.services.office import INSTITUTION, Office, office, open_year, sign

CHART = (organisation_chart.READ_MODEL,)
RENAMED = datetime(2024, 3, 5, 16, 59, 59, 999_999, tzinfo=UTC)
"""One microsecond before midnight in Jakarta."""


@pytest.fixture
def renamed() -> Iterator[Office]:
    """Open the regency with a unit that was renamed in the last instant of 5 March 2024 there, and again on the 6th."""
    with office() as opened:
        opened.clock.set(RENAMED)
        opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
        opened.clock.set(datetime(2024, 3, 5, 17, tzinfo=UTC))
        opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan dan Keluarga")
        opened.on("2024-06-30")
        opened.settle()
        yield opened


def name(opened: Office, known_at: str | None = None, valid_on: str | None = None) -> str | None:
    """Return the name of the unit as known at a moment, on a day."""
    with opened.system.reader.view(INSTITUTION, CHART, known_at, valid_on) as view:
        unit = organisation_chart.unit(view.rows, view.valid_on, key="dinkes")
    return None if unit is None else unit.name


class TestKnownAt:
    def test_a_position_selects_exactly_what_had_been_recorded(self, renamed: Office) -> None:
        head = renamed.head

        assert name(renamed, str(head - 2), "2024-06-30") == "Dinkes"
        assert name(renamed, str(head - 1)) == "Dinas Kesehatan"
        assert name(renamed, f"000{head}") == "Dinas Kesehatan dan Keluarga"

    def test_a_date_means_the_end_of_that_day_there(self, renamed: Office) -> None:
        assert name(renamed, "2024-03-04") == "Dinkes"
        assert name(renamed, "2024-03-05") == "Dinas Kesehatan"
        assert name(renamed, "2024-03-06") == "Dinas Kesehatan dan Keluarga"

    def test_an_instant_includes_what_was_recorded_in_it(self, renamed: Office) -> None:
        assert name(renamed, "2024-03-05T16:59:59.999998+00:00", "2024-03-05") == "Dinkes"
        assert name(renamed, "2024-03-05T23:59:59.999999+07:00") == "Dinas Kesehatan"
        assert name(renamed, "2024-03-05T17:00:00Z") == "Dinas Kesehatan dan Keluarga"

    def test_today_is_what_is_known_by_now(self, renamed: Office) -> None:
        with renamed.system.reader.view(INSTITUTION, CHART, "2024-06-30") as view:
            assert (view.known_at, view.position) == (renamed.clock.now(), renamed.head)

    def test_the_answer_names_the_moment_by_which_it_can_be_had_again(self, renamed: Office) -> None:
        with renamed.system.reader.view(INSTITUTION, READ_MODELS, "2024-03-05") as view:
            first = (digest_of_rows(view.rows), view.valid_on, view.position)
        renamed.does("admin", "organisation.rename_unit", unit="setda", name="Sekretariat Daerah")
        with renamed.system.reader.view(INSTITUTION, READ_MODELS, str(first[2])) as view:
            again = (digest_of_rows(view.rows), view.valid_on, view.position)

        assert first == again
        assert first[1:] == (date(2024, 3, 5), renamed.head - 2)

    def test_nothing_is_known_of_before_the_first_event(self, renamed: Office) -> None:
        for known_at in ("0", "000", "2024-01-01", "2020-06-30", "0001-01-01", "2024-01-02T01:59:59Z"):
            with pytest.raises(KnownAtBeforeFirst):
                name(renamed, known_at)

    def test_nobody_knows_the_future(self, renamed: Office) -> None:
        beyond = str(renamed.head + 1)
        for known_at in (
            beyond,
            "9" * 15,
            "2024-07-01",
            "9999-12-31",
            "2024-06-30T02:00:00.000001Z",
            "9999-12-31T23:59Z",
        ):
            with pytest.raises(KnownAtInFuture):
                name(renamed, known_at)

    @pytest.mark.parametrize(
        "known_at",
        [
            "",
            " ",
            "kemarin",
            "-1",
            "1.5",
            "1" * 16,
            "\uff11\uff12",
            "2024-02-30",
            "2024-13-01",
            "2024-3-5",
            "2024-03-05T10:00",
            "2024-03-05 10:00:00",
            "2024-03-05T25:00Z",
            "2024-W10-2",
            "24-03-05",
            "2024-03-05\n",
        ],
    )
    def test_what_is_no_moment_is_refused(self, renamed: Office, known_at: str) -> None:
        """A time without its zone among it: it could be any of 24 hours."""
        with pytest.raises(KnownAtMalformed):
            name(renamed, known_at)

    @pytest.mark.parametrize(
        "known_at", ["0001-01-01T00:00:00+07:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]
    )
    def test_the_ends_of_the_calendar_are_refused_like_any_other_moment(self, renamed: Office, known_at: str) -> None:
        with pytest.raises((KnownAtBeforeFirst, KnownAtInFuture, KnownAtMalformed)):
            name(renamed, known_at)

    def test_another_institution_is_unknown(self, renamed: Office) -> None:
        with (
            pytest.raises(InstitutionUnknown),
            renamed.system.reader.view("lain", CHART, "1"),
        ):
            raise AssertionError("opened")


class TestValidOn:
    def test_without_known_at_it_is_today_there(self, renamed: Office) -> None:
        renamed.clock.set(datetime(2024, 7, 31, 17, 30, tzinfo=UTC))
        with renamed.system.reader.view(INSTITUTION, CHART) as view:
            assert (view.known_at, view.valid_on) == (renamed.clock.now(), date(2024, 8, 1))

    def test_with_known_at_it_is_that_day_there(self, renamed: Office) -> None:
        with renamed.system.reader.view(INSTITUTION, CHART, "2024-03-05T17:00:00Z") as view:
            assert view.valid_on == date(2024, 3, 6)

    def test_it_selects_inside_the_rows_and_never_events(self, renamed: Office) -> None:
        assert name(renamed, valid_on="2024-03-05") == "Dinas Kesehatan"
        assert name(renamed, valid_on="2023-01-01") == "Dinkes"
        assert name(renamed, valid_on="2019-12-31") is None

    def test_a_day_to_come_is_legal(self, renamed: Office) -> None:
        renamed.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Sehat", effective_on="2026-01-01")
        renamed.settle()

        assert name(renamed, valid_on="2025-12-31") == "Dinas Kesehatan dan Keluarga"
        assert name(renamed, valid_on="2026-01-01") == "Dinas Sehat"
        assert name(renamed, "2024-03-05", "2026-01-01") == "Dinas Kesehatan"

    @pytest.mark.parametrize("valid_on", ["", "besok", "2024-02-30", "2024-1-1", "20240101", "2024-01-01T00:00Z"])
    def test_what_is_no_date_is_refused(self, renamed: Office, valid_on: str) -> None:
        for known_at in (None, "1"):
            with pytest.raises(ValidOnMalformed):
                name(renamed, known_at, valid_on)


class TestNothingFollowed:
    """Events without any row folded from them are not shown as if nothing had been recorded."""

    def test_the_present_is_refused_until_it_was_followed(self, stored: Office) -> None:
        assert stored.head > 0
        with pytest.raises(RowsOutdated) as refused, stored.system.reader.view(INSTITUTION, READ_MODELS):
            pass
        assert refused.value.fields == {"position": 0}

        stored.system.follower.catch_up(INSTITUTION)
        assert name(stored) == "Dinkes"

    def test_a_retry_of_what_stopped_does_not_pretend_that_it_was(self, stored: Office) -> None:
        assert stored.system.parking.retry(INSTITUTION) == []
        with pytest.raises(RowsOutdated), stored.system.reader.view(INSTITUTION, READ_MODELS):
            pass

    def test_the_past_is_told_from_the_log(self, stored: Office) -> None:
        assert name(stored, str(stored.head)) == "Dinkes"


class TestOneInstant:
    def test_a_view_shows_one_instant_whatever_is_written_meanwhile(self, stored: Office) -> None:
        stored.settle()
        with stored.system.reader.view(INSTITUTION, READ_MODELS) as view:
            before = (view.position, digest_of_rows(view.rows, CHART))
            stored.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
            stored.settle()
            assert (view.position, digest_of_rows(view.rows, CHART)) == before
            assert digest_of_rows(view.rows) == digest_of_rows(view.rows)
        with stored.system.reader.view(INSTITUTION, READ_MODELS) as view:
            assert view.position == stored.head
            assert digest_of_rows(view.rows, CHART) != before[1]

    def test_live_rows_and_a_replay_up_to_the_head_answer_the_same(self, stored: Office) -> None:
        open_year(stored)
        sign(stored)
        answers = []
        for known_at in (None, str(stored.head)):
            with stored.system.reader.view(INSTITUTION, READ_MODELS, known_at) as view:
                found = agreement_register.agreement(view.rows, view.valid_on, unit="dinkes", fiscal_year=2024)
                answers.append((view.position, digest_of_rows(view.rows), found))

        assert answers[0] == answers[1]
        assert answers[0][2] is not None
