"""Published recommendations, and rows that only say whether a follow-up document was uploaded."""

from typing import Final

from msgspec import Struct

from services.importing.cells import read_year
from services.importing.csv_reading import Row
from services.importing.entities import Entities, Entity
from services.importing.faults import Fault
from services.importing.tables import Tables

RECOMMENDATION: Final = "recommendation"
FOLLOW_UP_DOCUMENT: Final = "followup_document"


class RecommendationItem(Struct, frozen=True, kw_only=True):
    """One recommendation as published; `of_evaluation`: its issuer evaluates AKIP, so it is a finding of a LHE."""

    entity: str
    year: int
    issuer: str | None
    component: str | None
    text: str
    published_status: str | None
    of_evaluation: bool


class FollowUpDocumentItem(Struct, frozen=True, kw_only=True):
    """One row that says whether a unit uploaded a follow-up document (TL-LHE) in a year."""

    entity: str
    year: int
    issuer: str | None
    document: str | None
    published_status: str | None


class ReadRecommendation(Struct, frozen=True, kw_only=True):
    """A recommendation with its row and whose it is."""

    row: Row
    entity: Entity
    item: RecommendationItem


class ReadFollowUpDocument(Struct, frozen=True, kw_only=True):
    """A follow-up document with its row and whose it is; it is only listed."""

    row: Row
    entity: Entity
    item: FollowUpDocumentItem


class RecommendationReader:
    """Reads rows of recommendations and of follow-up documents."""

    def __init__(self, entities: Entities, tables: Tables) -> None:
        self._entities = entities
        self._tables = tables
        self.recommendations: list[ReadRecommendation] = []
        self.documents: list[ReadFollowUpDocument] = []
        self.errors: list[Fault] = []
        self.warnings: list[Fault] = []

    def read(self, row: Row) -> None:
        """Read one row; a row without an entity, a year or a known type is only an error."""
        year = read_year(row["year"])
        kind = row["record_type"]
        if year is None:
            self.errors.append(row.fault("year_unreadable", "year", detail=row["year"]))
        if not row["entity"]:
            self.errors.append(row.fault("cell_missing", "entity"))
        if kind not in {RECOMMENDATION, FOLLOW_UP_DOCUMENT}:
            self.errors.append(row.fault("record_type_unknown", "record_type", detail=kind))
        elif year is not None and row["entity"]:
            entity = self._entities.resolve(row["entity"], year)
            if kind == RECOMMENDATION:
                self._recommendation(row, entity, year)
            else:
                self._document(row, entity, year)

    def _recommendation(self, row: Row, entity: Entity, year: int) -> None:
        text, issuer = row["recommendation_paraphrased"], row["issuer"]
        if not text:
            self.errors.append(row.fault("cell_missing", "recommendation_paraphrased"))
            return
        of_evaluation = self._tables.evaluates(issuer)
        if not of_evaluation:
            self.warnings.append(row.fault("not_an_evaluation", "issuer", detail=issuer or "penerbit tidak disebut"))
        item = RecommendationItem(
            entity=row["entity"],
            year=year,
            issuer=issuer or None,
            component=row["component"] or None,
            text=text,
            published_status=row["status_published"] or None,
            of_evaluation=of_evaluation,
        )
        self.recommendations.append(ReadRecommendation(row=row, entity=entity, item=item))

    def _document(self, row: Row, entity: Entity, year: int) -> None:
        item = FollowUpDocumentItem(
            entity=row["entity"],
            year=year,
            issuer=row["issuer"] or None,
            document=row["recommendation_paraphrased"] or None,
            published_status=row["status_published"] or None,
        )
        self.documents.append(ReadFollowUpDocument(row=row, entity=entity, item=item))
