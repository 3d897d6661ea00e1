"""Recording a batch: its history is sent as commands of the importer, with ids derived from what they say."""

from collections.abc import Callable, Iterable
from datetime import date

import msgspec
from msgspec import Struct

from domain.actor import Role, system_actor
from domain.errors import InstitutionUnknown, Refusal, StageAlreadyOpen
from domain.event import Origin
from domain.institution import Institution, RuleKind
from services.clock import Clock, local_day
from services.command_handler import CommandHandler, Request
from services.event_log.contract import CommandReusedError
from services.importing.history import InstitutionHistory
from services.importing.orders import Order
from services.sealing import read_command

IMPORTER = system_actor(Role.IMPORTER, "import")


class Refused(Struct, frozen=True, kw_only=True):
    """A fact that the log does not take: by which row, with the refusal's code and words."""

    institution: str
    file: str | None
    line: int | None
    command: str
    code: str
    message: str


class Applied(Struct, frozen=True, kw_only=True):
    """What became of a batch: institutions touched, facts recorded now, facts that were there already, refusals."""

    institutions: tuple[str, ...]
    recorded: int
    unchanged: int
    refused: tuple[Refused, ...]


class Importer:
    """Records histories; doing it again records nothing."""

    def __init__(self, handler: CommandHandler, clock: Clock, settle: Callable[[str], object]) -> None:
        self._handler = handler
        self._clock = clock
        self._settle = settle
        self._recorded = 0
        self._unchanged = 0
        self._refused: list[Refused] = []

    def apply(self, histories: Iterable[InstitutionHistory], progress: Callable[[], object] = lambda: None) -> Applied:
        """Record each history and let read models and workflows catch up; `progress` is called after each fact."""
        done = []
        for history in histories:
            self._apply(history, progress)
            self._settle(history.institution.id)
            done.append(history.institution.id)
        return Applied(
            institutions=tuple(done),
            recorded=self._recorded,
            unchanged=self._unchanged,
            refused=tuple(self._refused),
        )

    def _apply(self, history: InstitutionHistory, progress: Callable[[], object]) -> None:
        name = history.institution.id
        known = self._known(name)
        today = local_day(self._clock.now(), known.time_zone if known else history.institution.time_zone)
        if known is None:
            self._send(name, history.founding, today)
        if known is None or RuleKind.DUE_DATES not in known.rules:
            self._send(name, history.adoption, today)
        for unit, order in history.units.items():
            if known is None or unit not in known.units:
                self._send(name, order, today)
        for order in history.facts:
            self._send(name, order, today)
            progress()

    def _known(self, institution: str) -> Institution | None:
        try:
            return self._handler.institution(institution)
        except InstitutionUnknown:
            return None

    def _send(self, institution: str, order: Order, today: date) -> None:
        try:
            receipt = self._handler.handle(
                Request(
                    institution=institution,
                    command_id=order.command_id(institution),
                    sealed=read_command(order.kind, msgspec.to_builtins(order.values(today)), IMPORTER.id),
                    system=IMPORTER,
                    origin=Origin.HISTORY,
                )
            )
        except CommandReusedError:
            # The same fact, recorded on a day when its effective day was still to come.
            self._unchanged += 1
        except (Refusal, msgspec.ValidationError) as refusal:
            self._note(institution, order, refusal)
        else:
            new = bool(receipt.events) and not receipt.repeated
            self._recorded += new
            self._unchanged += not new

    def _note(self, institution: str, order: Order, refusal: Refusal | msgspec.ValidationError) -> None:
        if order.optional and isinstance(refusal, StageAlreadyOpen):
            self._unchanged += 1
            return
        code, message = (
            (refusal.code, refusal.title) if isinstance(refusal, Refusal) else ("not_admissible", str(refusal))
        )
        self._refused.append(
            Refused(
                institution=institution,
                file=None if order.row is None else order.row.file,
                line=None if order.row is None else order.row.line,
                command=str(order.kind.__struct_config__.tag),
                code=code,
                message=message,
            )
        )
