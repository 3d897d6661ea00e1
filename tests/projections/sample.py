"""The words that these specifications are written in: a unit, its commitments, and what happens to them in 2025."""

from datetime import date
from decimal import Decimal

import msgspec

from domain.actor import Actor, Role
from domain.agreement.events import (
    AgreementAmended,
    AgreementOpened,
    AgreementSigned,
    AmendmentTrigger,
    CommitmentsProposed,
    TargetSet,
)
from domain.commitment import AgreedTarget, Commitment, PeriodTarget, Signatory, SignedPaper
from domain.event import Event
from domain.indicator import Indicator, NotRealised, NumberRealised, NumberTarget, Realised
from domain.institution import Capacity
from domain.measurement.events import MeasurementOpened, RealisationRecorded
from domain.opening import Opening
from domain.period import Period
from domain.realisation import Realisation
from domain.rulebook import RuleRef
from domain.sealed_text import SealedText
from tests.projections.spec import Fact, happened

AGREEMENT = "agreement/dinkes/2025"
MEASUREMENT = "measurement/dinkes/2025"
REASON = SealedText("a" * 64)
FILE = "f" * 64
RULE = RuleRef(name="contoh", version=1, digest="d" * 64)
IN_ORDER = Opening()
BUREAU = Actor(id="sari", role=Role.ORGANISATION_BUREAU, unit="setda")

PAPER = SignedPaper(
    place="Wonosari",
    signatories=(
        Signatory(person="kadis", position="Kepala Dinas", capacity=Capacity.ACTING_VACANT),
        Signatory(person="bupati", position="Bupati"),
    ),
    file=FILE,
)

INDICATOR = Indicator(
    name="Cakupan imunisasi",
    definition="Bayi yang mendapat imunisasi dasar lengkap",
    formula="bayi diimunisasi / bayi x 100",
    unit_of_measure="persen",
    source="Dinas Kesehatan",
    frequency="quarter",
    direction="maximise",
    accumulation="sum",
)


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def target(value: int, **quarters: int) -> AgreedTarget:
    """Return a target for the year and, by `q1` to `q4`, for quarters."""
    periods = tuple(
        PeriodTarget(period=Period.parse(f"2025-{name.upper()}"), target=NumberTarget(value=Decimal(figure)))
        for name, figure in quarters.items()
    )
    return AgreedTarget(year=NumberTarget(value=Decimal(value)), periods=periods)


COMMITMENT = Commitment(
    id="imunisasi", objective="Meningkatnya kesehatan anak", indicator=INDICATOR, target=target(100)
)


def with_indicator(**changes: object) -> Commitment:
    """Return the commitment with another indicator."""
    return msgspec.structs.replace(COMMITMENT, indicator=msgspec.structs.replace(INDICATOR, **changes))


def signed(commitment: Commitment = COMMITMENT, first: AgreedTarget | None = None) -> tuple[Fact, ...]:
    """Return an agreement opened on 1 January and signed on 20 January 2025; versions 1 to 4."""
    return tuple(
        fact.recorded("2025-01-20")
        for fact in happened(
            AGREEMENT,
            AgreementOpened(effective_on=day("2025-01-01"), opening=IN_ORDER),
            CommitmentsProposed(effective_on=day("2025-01-10"), commitments=(commitment,), programmes=()),
            AgreementSigned(effective_on=day("2025-01-20"), paper=PAPER, binds=2),
            set_target(first or commitment.target, "2025-01-01"),
        )
    )


def set_target(agreed: AgreedTarget, on: str, *, amended_by: int | None = None) -> TargetSet:
    """Return the target of the commitment from a day on."""
    return TargetSet(effective_on=day(on), commitment=COMMITMENT.id, target=agreed, amended_by=amended_by)


def amended(on: str, *, late: bool = False) -> AgreementAmended:
    """Return an amendment of a day."""
    return AgreementAmended(
        effective_on=day(on), trigger=AmendmentTrigger.STRATEGY_CHANGED, reason=REASON, paper=PAPER, late=late
    )


def measured(*bodies: Event) -> tuple[Fact, ...]:
    """Return a measurement opened on 20 January 2025, and what happened in it from version 2 on."""
    return happened(MEASUREMENT, MeasurementOpened(effective_on=day("2025-01-20"), opening=IN_ORDER), *bodies)


def realised(period: str, value: Realised | int) -> RealisationRecorded:
    """Return a realisation of the commitment in a period such as `2025-Q1`."""
    return RealisationRecorded(effective_on=Period.parse(period).last_day, realisation=realisation(period, value))


def realisation(period: str, value: Realised | int) -> Realisation:
    """Return what is said of the commitment in a period."""
    figure = NumberRealised(value=Decimal(value)) if isinstance(value, int) else value
    return Realisation(commitment=COMMITMENT.id, period=Period.parse(period), realised=figure)


NOT_OBTAINED = NotRealised(reason="not_obtained")
NOT_APPLICABLE = NotRealised(reason="not_applicable")
