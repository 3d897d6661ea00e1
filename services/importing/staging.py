"""Staging: files are read and checked as one batch, of which nothing is recorded yet, and named by a digest."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from domain.duty_rules import DueDateRules
from services.importing import achievements, scores
from services.importing.achievements import AchievementReader, ReadAchievement
from services.importing.commitments import CommitmentReader, ReadCommitment
from services.importing.csv_reading import Row, Sheet, read_sheet
from services.importing.due_dates import DueDates
from services.importing.entities import Entities, entity_warnings
from services.importing.faults import Fault
from services.importing.folder import Folder
from services.importing.forms import ACHIEVEMENTS, COMMITMENTS, FORMS, RECOMMENDATIONS, SCORES, SUBMISSIONS
from services.importing.recommendations import ReadFollowUpDocument, ReadRecommendation, RecommendationReader
from services.importing.scores import ReadScore, ScoreReader
from services.importing.submissions import ReadSubmission, SubmissionReader
from services.importing.tables import FILE as TABLES_FILE
from services.importing.tables import Tables
from services.rulebooks import RulebookShelf

ReadT = TypeVar("ReadT")

CLEAN: Final = 0
ROW_ERRORS: Final = 1
UNREADABLE: Final = 2


class Batch(Struct, frozen=True, kw_only=True):
    """Everything that the files say. `unreadable`: a file, or the folder, could not be read at all.

    `bad` names the rows with an error, by file and line.
    """

    scores: tuple[ReadScore, ...]
    achievements: tuple[ReadAchievement, ...]
    submissions: tuple[ReadSubmission, ...]
    recommendations: tuple[ReadRecommendation, ...]
    follow_up_documents: tuple[ReadFollowUpDocument, ...]
    commitments: tuple[ReadCommitment, ...]
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    bad: frozenset[tuple[str, int | None]]
    digest: str
    unreadable: bool

    @property
    def exit_code(self) -> int:
        """0 clean, 1 with errors in rows, 2 unreadable."""
        if self.unreadable:
            return UNREADABLE
        return ROW_ERRORS if self.errors else CLEAN

    def good(self, row: Row) -> bool:
        """Say whether a row is without error."""
        return (row.file, row.line) not in self.bad


class Part(Struct, Generic[ReadT], frozen=True, kw_only=True):
    """What one form says, with what is wrong in it."""

    read: tuple[ReadT, ...]
    errors: Sequence[Fault]
    warnings: Sequence[Fault] = ()


class Stager:
    """Reads batches with the rulebooks, aliases and tables at hand; the same files give the same batch."""

    def __init__(self, shelf: RulebookShelf, entities: Entities, tables: Tables) -> None:
        self._shelf = shelf
        self._entities = entities
        self._tables = tables

    def stage(self, folder: Folder) -> Batch:
        """Read and check the files of a folder. Never raises, whatever they hold."""
        sheets = {name: read_sheet(FORMS[name], content) for name, content in folder.contents.items()}
        rows = {name: sheets[name].rows if name in sheets else () for name in FORMS}
        scored = self._scores(rows[SCORES.file])
        achieved = self._achievements(rows[ACHIEVEMENTS.file])
        submitted = self._submissions(rows[SUBMISSIONS.file])
        recommended, documents = self._recommendations(rows[RECOMMENDATIONS.file])
        promised = self._commitments(rows[COMMITMENTS.file])
        sources: tuple[Sheet | Part[Any], ...] = (*sheets.values(), scored, achieved, submitted, recommended, promised)
        errors = (*folder.errors, *_in_order(source.errors for source in sources))
        return Batch(
            scores=scored.read,
            achievements=achieved.read,
            submissions=submitted.read,
            recommendations=recommended.read,
            follow_up_documents=documents,
            commitments=promised.read,
            errors=errors,
            warnings=(*folder.warnings, *_in_order(source.warnings for source in sources)),
            bad=frozenset((each.file, each.line) for each in errors),
            digest=self._digest(folder.contents),
            unreadable=bool(folder.errors) or any(sheet.unreadable for sheet in sheets.values()),
        )

    def _scores(self, rows: Sequence[Row]) -> Part[ReadScore]:
        reader = ScoreReader(self._shelf.by_digest.values(), self._entities, self._tables)
        read = tuple(found for row in rows if (found := reader.read(row)) is not None)
        warnings = [*reader.warnings, *entity_warnings((each.row, each.entity) for each in read)]
        return Part(read=read, errors=[*reader.errors, *scores.contradictions(read)], warnings=warnings)

    def _achievements(self, rows: Sequence[Row]) -> Part[ReadAchievement]:
        reader = AchievementReader(self._entities)
        read = tuple(found for row in rows if (found := reader.read(row)) is not None)
        errors = [*reader.errors, *achievements.contradictions(read)]
        return Part(read=read, errors=errors, warnings=entity_warnings((each.row, each.entity) for each in read))

    def _submissions(self, rows: Sequence[Row]) -> Part[ReadSubmission]:
        rules = self._shelf.by_digest[self._shelf.reference(self._tables.due_dates.rulebook).digest]
        if not isinstance(rules, DueDateRules):
            raise TypeError(f"{self._tables.due_dates.rulebook} holds no due dates")
        reader = SubmissionReader(DueDates(rules, self._tables), self._entities, self._tables)
        for row in rows:
            reader.read(row)
        read = reader.finish()
        warnings = [
            *reader.warnings,
            *entity_warnings((each.row, each.entity) for each in read if each.row is not None),
        ]
        return Part(read=read, errors=reader.errors, warnings=warnings)

    def _recommendations(
        self, rows: Sequence[Row]
    ) -> tuple[Part[ReadRecommendation], tuple[ReadFollowUpDocument, ...]]:
        reader = RecommendationReader(self._entities, self._tables)
        for row in rows:
            reader.read(row)
        whose = [(each.row, each.entity) for each in reader.recommendations]
        whose.extend((each.row, each.entity) for each in reader.documents)
        warnings = [*reader.warnings, *entity_warnings(whose)]
        return Part(read=tuple(reader.recommendations), errors=reader.errors, warnings=warnings), tuple(
            reader.documents
        )

    def _commitments(self, rows: Sequence[Row]) -> Part[ReadCommitment]:
        reader = CommitmentReader(self._entities, self._tables)
        read = tuple(found for row in rows if (found := reader.read(row)) is not None)
        return Part(read=read, errors=reader.errors, warnings=entity_warnings((each.row, each.entity) for each in read))

    def _digest(self, contents: Mapping[str, bytes]) -> str:
        """Name the batch by the bytes of its files and of all that decides how they are read."""
        parts = [(name.encode(), content) for name, content in sorted(contents.items())]
        parts.append((b"aliases", self._entities.digest.encode()))
        parts.append((b"tables", TABLES_FILE.read_bytes()))
        parts.extend((ref.name.encode(), ref.digest.encode()) for ref in self._shelf.references)
        joined = sha256()
        for name, content in parts:
            joined.update(len(name).to_bytes(8, "big") + name + len(content).to_bytes(8, "big") + content)
        return joined.hexdigest()


def _in_order(faults: Iterable[Sequence[Fault]]) -> list[Fault]:
    found = [fault for each in faults for fault in each]
    return sorted(found, key=lambda each: (each.file, each.line or 0, each.column or "", each.code))
