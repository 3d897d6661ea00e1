"""Looks at the calendar and sends what time alone brings about: overdue duties, lapsed notices, expired objections.

It only asks; the deciders check again. Each question has an id derived from what it is about, so asking twice does
nothing.
"""

from collections.abc import Iterator
from datetime import date

import structlog

from domain.actor import Role, system_actor
from domain.allowance_hold.commands import DeemObjectionGranted, HoldCommand, LapseNotice, ProposeHold
from domain.command import Command, name_of
from domain.errors import Refusal
from domain.event import Origin
from domain.obligation.commands import MarkOverdue
from projections import hold_register, obligation_calendar
from projections.hold_register import Hold
from projections.read_model import Rows
from services.clock import Clock, local_day
from services.command_handler import CommandHandler, Request
from services.identity import derived_command_id
from services.reading import Reader
from services.sealing import from_system

MODELS = (obligation_calendar.READ_MODEL, hold_register.READ_MODEL)

logger = structlog.get_logger()


class Timekeeper:
    """Goes through the duties and holds of an institution, whenever the day or the read models have moved."""

    def __init__(self, *, reader: Reader, handler: CommandHandler, clock: Clock) -> None:
        self._reader = reader
        self._handler = handler
        self._clock = clock
        self._seen: dict[str, tuple[date, int]] = {}

    def tick(self, institution: str) -> int:
        """Send what is due on the local day, and return how much of it was new."""
        today = local_day(self._clock.now(), self._handler.institution(institution).time_zone)
        with self._reader.view(institution, MODELS) as view:
            if self._seen.get(institution) == (today, view.position):
                return 0
            due = [*_overdue(view.rows, today), *_lapsed(view.rows, today)]
        sent = sum(self._send(institution, command, today) for command in due)
        self._seen[institution] = (today, view.position)
        return sent

    def _send(self, institution: str, command: Command, today: date) -> bool:
        cause = (institution, "timekeeper", name_of(command), command.stream, today.isoformat())
        command_id = derived_command_id(*cause)
        request = Request(
            institution=institution,
            command_id=command_id,
            sealed=from_system(command, command_id),
            system=system_actor(Role.TIMEKEEPER, "timekeeper"),
        )
        try:
            receipt = self._handler.handle(request)
        except Refusal as refusal:  # not yet, by the rule: it is asked again tomorrow
            logger.debug("not_yet", command=name_of(command), stream=command.stream, code=refusal.code)
            return False
        return bool(receipt.events) and not receipt.repeated


def _overdue(rows: Rows, today: date) -> Iterator[Command]:
    """Duties entered from history are left alone: nobody is reminded of them, and nothing is proposed."""
    known = rows.rows(obligation_calendar.READ_MODEL)
    past = {row.key for row in known if row.opened.origin is Origin.HISTORY}
    held = {hold.obligation for hold in hold_register.holds(rows, today)}
    for duty in obligation_calendar.duties(rows, today, states=("overdue",)):
        if duty.id in past:
            continue
        if duty.overdue is None:
            yield MarkOverdue(obligation=duty.id)
        elif duty.overdue.hold_rule is not None and duty.id not in held:
            yield ProposeHold(hold=duty.id)


def _lapsed(rows: Rows, today: date) -> Iterator[HoldCommand]:
    for hold in hold_register.holds(rows, today):
        if _notice_is_over(hold, today):
            yield LapseNotice(hold=hold.id)
        if any(objection.outcome is None and objection.decide_by < today for objection in hold.objections):
            yield DeemObjectionGranted(hold=hold.id)


def _notice_is_over(hold: Hold, today: date) -> bool:
    return hold.status == "notice_served" and hold.notice is not None and hold.notice.answer_until < today
