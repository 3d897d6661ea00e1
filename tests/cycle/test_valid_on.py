"""January 100, July 80 (recorded in June), March 90 (recorded in August): the two axes of time, on every recorder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from projections import achievement, agreement_register
from projections.catalogue import READ_MODELS
from projections.replay import digest_of_rows
from services.verification import verify
from tests.services.office import (
    AGREEMENT,
    INSTITUTION,
    Office,
    number,
    office,
    open_year,
    paper,
    quarter,
    realisation,
    sign,
)

RECORDERS = ("memory", "sqlite", "postgres")

DAYS = (
    ("2024-01-02", "100", "100"),
    ("2024-02-29", "100", "100"),
    ("2024-03-01", "100", "90"),
    ("2024-04-15", "100", "90"),
    ("2024-06-30", "100", "90"),
    ("2024-07-01", "80", "80"),
    ("2024-12-31", "80", "80"),
    ("2030-01-01", "80", "80"),
)
"""A day, the target in effect on it as known in July, and as known in August."""


@pytest.fixture(params=RECORDERS)
def year(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Open a regency on each recorder, in which the example has happened."""
    url = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'sakip.db'}"}.get(request.param)
    with office(url or request.getfixturevalue("fresh_postgres_url")) as opened:
        live_through_the_example(opened)
        yield opened


def live_through_the_example(opened: Office) -> None:
    """Promise 100 from January; in June 80 from July; in August 90 from March; measure the first quarter in between."""
    open_year(opened)
    sign(opened)
    opened.on("2024-04-02")
    opened.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "95"))
    opened.does("op", "measurement.submit", **AGREEMENT, period=quarter(1))
    opened.does("kabag", "measurement.verify", **AGREEMENT, period=quarter(1))
    opened.does("kabag", "measurement.lock", **AGREEMENT, period=quarter(1))
    opened.on("2024-06-10")
    amend(opened, "80", "2024-07-01", "a")
    opened.on("2024-08-05")
    amend(opened, "90", "2024-03-01", "b")
    opened.settle()


def amend(opened: Office, value: str, since: str, file: str) -> None:
    """Let the unit and the Bupati agree on another target from a day on."""
    change = {"commitment": "aki", "target": {"year": number(value)}, "effective_on": since}
    trigger = {"trigger": "strategy_changed", "reason": "Pergeseran anggaran"}
    opened.does("kadin", "agreement.amend", **AGREEMENT, **trigger, paper=paper(file=file), changes=[change])


def put_right(opened: Office, command: str, value: str | None, **named: int) -> None:
    """Correct or withdraw the version of the target that a stream version set."""
    target: dict[str, Any] = {} if value is None else {"target": {"year": number(value)}}
    opened.does("plan", command, **AGREEMENT, commitment="aki", reason="Salah ketik", **target, **named)
    opened.settle()


def version_of(opened: Office, value: str) -> int:
    """Return the stream version that set a target."""
    entries = opened.system.log.read_stream(INSTITUTION, "agreement/dinkes/2024")
    set_it = [entry.originator_version for entry in entries if f'"{value}"'.encode() in entry.state]
    return set_it[-1]


def target(opened: Office, valid_on: str, known_at: str | None = None) -> str | None:
    """Return the target in effect on a day, as known at a moment."""
    with opened.system.reader.view(INSTITUTION, READ_MODELS, known_at, valid_on) as view:
        found = agreement_register.target_in_effect(
            view.rows, view.valid_on, unit="dinkes", fiscal_year=2024, commitment="aki"
        )
    return None if found is None else str(getattr(found.year, "value", None))


def first_quarter(opened: Office, known_at: str | None = None) -> tuple[str, str]:
    """Return the target that the first quarter is measured against, and its achievement in percent."""
    with opened.system.reader.view(INSTITUTION, READ_MODELS, known_at) as view:
        found = achievement.achievement(view.rows, view.valid_on, unit="dinkes", fiscal_year=2024)
    assert found is not None
    period = found.commitments[0].periods[0]
    return str(getattr(period.target, "value", None)), f"{period.achievement.value:.2f}"


class TestExample:
    def test_asked_in_august_it_is_80(self, year: Office) -> None:
        """The greatest day not after the one asked wins, and not what was recorded last."""
        assert target(year, "2024-08-05") == "80"
        assert target(year, "2024-08-05", "2024-08-05") == "80"

    def test_each_day_as_known_in_july_and_in_august(self, year: Office) -> None:
        for valid_on, known_in_july, known_in_august in DAYS:
            assert target(year, valid_on, "2024-07-15") == known_in_july
            assert target(year, valid_on, "2024-08-05") == known_in_august
            assert target(year, valid_on) == known_in_august

    def test_before_june_nobody_knew_of_80(self, year: Office) -> None:
        assert target(year, "2024-12-31", "2024-06-09") == "100"
        assert target(year, "2024-12-31", "2024-06-10") == "80"

    def test_a_period_is_measured_against_the_target_of_its_last_day(self, year: Office) -> None:
        """95 deaths where fewer are better: (2 × 100 − 95) / 100, and (2 × 90 − 95) / 90 since August."""
        assert first_quarter(year, "2024-07-15") == ("100", "105.00")
        assert first_quarter(year) == ("90", "94.44")


class TestCorrections:
    def test_a_correction_keeps_the_day_and_replaces_the_value(self, year: Office) -> None:
        year.on("2024-09-02")
        put_right(year, "agreement.correct_target", "85", corrects=version_of(year, "80"))

        assert target(year, "2024-08-05") == "85"
        assert target(year, "2024-07-01") == "85"
        assert target(year, "2024-06-30") == "90"
        assert target(year, "2024-08-05", "2024-09-01") == "80"

    def test_a_withdrawal_lets_the_version_before_it_hold_again(self, year: Office) -> None:
        year.on("2024-09-02")
        put_right(year, "agreement.withdraw_target", None, withdraws=version_of(year, "90"))

        assert target(year, "2024-04-15") == "100"
        assert target(year, "2024-08-05") == "80"
        assert target(year, "2024-04-15", "2024-09-01") == "90"
        assert first_quarter(year) == ("100", "105.00")

    def test_a_correction_of_a_correction_and_a_withdrawal_are_all_kept(self, year: Office) -> None:
        corrected = version_of(year, "80")
        year.on("2024-09-02")
        put_right(year, "agreement.correct_target", "85", corrects=corrected)
        year.on("2024-09-03")
        put_right(year, "agreement.correct_target", "82", corrects=corrected)
        year.on("2024-09-04")
        put_right(year, "agreement.withdraw_target", None, withdraws=corrected)

        as_known = [target(year, "2024-08-05", f"2024-09-0{day}") for day in (1, 2, 3, 4)]
        assert as_known == ["80", "85", "82", "90"]
        assert verify(year.system, INSTITUTION).sound


def test_all_recorders_give_the_same_rows(fresh_postgres_url: str, tmp_path: Path) -> None:
    """Texts apart, whose salts are drawn anew: their digests differ, and so do those of the rows that name them."""
    answers = []
    for url in ("memory:", f"sqlite:///{tmp_path / 'sakip.db'}", fresh_postgres_url):
        with office(url) as opened:
            live_through_the_example(opened)
            put_right(opened, "agreement.correct_target", "85", corrects=version_of(opened, "80"))
            put_right(opened, "agreement.withdraw_target", None, withdraws=version_of(opened, "90"))
            calendar = [model for model in READ_MODELS if model.name == "obligation_calendar"]
            with opened.system.reader.live(INSTITUTION) as live:
                rows = digest_of_rows(live, calendar)
            days = [f"2024-{month:02d}-02" for month in range(1, 13)]
            answers.append((opened.told(), rows, [target(opened, day) for day in days], first_quarter(opened)))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][2] == ["100"] * 6 + ["85"] * 6
