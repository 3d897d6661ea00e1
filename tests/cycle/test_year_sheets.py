"""The sheets of the played year: every line names the events that made it."""

from services.bootstrap import System
from services.demo.cast import INSTITUTION
from services.year_file import open_year_file
from services.year_sheets.order import sheets_of

YEAR = 2024
ZONE = "Asia/Jakarta"


def test_every_line_names_events_that_are_in_the_file(year: System) -> None:
    file = open_year_file(year.reader, INSTITUTION, YEAR)
    known = {event.position for event in file.events}
    lines = without = 0
    for sheet in sheets_of(file, {}, ZONE):
        at = sheet.heads.index("Posisi")
        for line in sheet.lines:
            lines += 1
            positions = {int(each) for each in str(line[at]).split(", ")} if line[at] else set()
            assert positions <= known, (sheet.title, line)
            without += not positions
            assert positions or line[1] in {"periode", "tahun"}, (sheet.title, line)
    assert lines > 500
    assert without < lines / 5
