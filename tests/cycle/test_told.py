"""The year as it is told: by the storyteller, whose story has to come true, and on the printed page."""

import io
from collections.abc import Iterator

import httpx
import pytest
from rich.console import Console

from services.bootstrap import System
from services.clock import VirtualClock
from services.demo.cast import INSTITUTION
from services.demo.storyteller import StoryBroken, Storyteller
from services.demo.summary import print_summary
from services.http.app import create_app
from services.http.server import BackgroundServer
from services.year_file import open_year_file
from services.year_print import print_year


@pytest.fixture
def story(copy: System) -> Iterator[Storyteller]:
    """Open the played year to a storyteller who goes on with it."""
    clock = copy.clock
    assert isinstance(clock, VirtualClock)
    with BackgroundServer(create_app(copy)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield Storyteller(system=copy, clock=clock, client=client, institution=INSTITUTION, told=lambda _day: None)


def printed(system: System, year: int, known_at: str | None = None) -> str:
    """Return the printed file of a year."""
    console = Console(file=io.StringIO(), width=200)
    print_year(console, open_year_file(system.reader, INSTITUTION, year, known_at=known_at))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_story_that_the_system_answers_otherwise_breaks(story: Storyteller, copy: System) -> None:
    head = copy.log.head(INSTITUTION)
    with pytest.raises(StoryBroken, match="role_missing"):
        story.does("agus", "follow_up.approve_result", recommendation="2023.dinkes.r2", unit="dinkes")
    with pytest.raises(StoryBroken, match="was to be refused with own_work"):
        story.is_refused("agus", "follow_up.approve_result", "own_work", recommendation="2023.dinkes.r2", unit="dinkes")
    assert copy.log.head(INSTITUTION) == head

    with pytest.raises(StoryBroken, match="was to be refused"):
        story.is_refused("admin", "organisation.rename_unit", "role_missing", unit="bkad", name="BKAD")
    story.is_refused("agus", "organisation.rename_unit", "role_missing", unit="bkad", name="BKAD")


def test_every_day_in_between_comes_and_goes(story: Storyteller, copy: System) -> None:
    """The duty to report on 2025 falls due on the last day of February 2026, with nobody looking."""
    story.on("2026-03-02")
    (overdue,) = (
        entry
        for entry in copy.log.read_stream(INSTITUTION, "obligation/2025.bkad.report")
        if entry.topic == "obligation.overdue.v1"
    )

    assert str(overdue.effective_on) == "2026-03-01"


def test_the_printed_file_tells_every_register(year: System) -> None:
    page = printed(year, 2024)

    for told in (
        "Kabupaten Contoh (simulasi), tahun 2024",
        "Angka kematian ibu",
        "2024.disdik.agreement",
        "diusulkan 16 Februari 2024",
        "keberatan ditolak 20 Maret 2024",
        "dilepas 25 Maret 2024",
        "2023.dinkes.r2",
        "peristiwa membentuk jawaban ini",
    ):
        assert told in page


def test_the_printed_file_of_a_past_day_tells_what_was_known_then(year: System) -> None:
    page = printed(year, 2024, known_at="2024-02-19")

    assert "diusulkan 16 Februari 2024" in page
    assert "direkomendasikan" not in page


def test_an_empty_year_is_told_as_empty(year: System) -> None:
    assert printed(year, 2020).count("tidak ada") >= 6


def test_the_summary_tells_two_dates_the_difference_and_its_author(year: System) -> None:
    console = Console(file=io.StringIO(), width=200)
    print_summary(console, year, [])
    assert isinstance(console.file, io.StringIO)
    page = console.file.getvalue()

    for told in ("2024-07-15", "2024-07-31", "109", "agus", "measurement.realisation_corrected.v1"):
        assert told in page
