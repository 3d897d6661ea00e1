"""The workbook of a year, with what it takes from elsewhere: the typed texts, the root of the log, the time zone."""

from services.bootstrap import System
from services.unsealing import texts_in
from services.year_file import YearFile
from services.year_workbook import year_workbook


def workbook_of(system: System, file: YearFile) -> bytes:
    """Return the workbook of the file of a year."""
    institution = file.institution
    return year_workbook(
        file,
        texts_in(file, lambda digests: system.log.texts(institution, digests)),
        system.handler.institution(institution).time_zone,
        system.proofs.root(institution, file.position).hex(),
    )
