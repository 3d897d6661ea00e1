"""What was answered at a moment, kept as it was said, and asked again: of that instant, and of that position."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from domain.actor import Role
from domain.errors import Refusal
from projections.catalogue import READ_MODELS
from projections.read_model import ReadModel, Rows
from projections.replay import digest_of_rows
from services.bootstrap import System
from services.queries.answers import Answers
from services.queries.asked import GENERAL, MAX_LIMIT, Asked, OfCycle
from services.queries.query import Query, Sources
from services.queries.table import QUERIES
from services.reading import View
from services.unsealing import encode_unsealed
from tests.cycle.five_years.cast import EVERY_UNIT
from tests.services.office import INSTITUTION

OUTSIDE_THE_LOG: Final = frozenset({"log_checkpoint", "dead_letters", "parked"})
"""Not told from events: what an operator signed last, and what awaits a person now: a decision, or a mended program."""

ASKED_ONCE: Final = frozenset({"audit_trail", "history", "inclusion_proof", "consistency_proof", "cause"})
"""Told of the log alone: the day that is asked about changes nothing, and so they are asked of one day."""

DEAR: Final = frozenset({"difference", "year_file"})
DEAR_SHARE: Final = 0.15
"""Told by folding the log anew: they are asked at a few moments."""

ECHOED: Final = datetime(2000, 1, 1, tzinfo=UTC)
WORDS: Final[Mapping[str, Sequence[Any]]] = {
    "unit": EVERY_UNIT,
    "owner": EVERY_UNIT,
    "duty": ("agreement", "amendment", "measurement", "report", "recommendation"),
    "commitment": ("k1", "k2", "k3"),
    "ended": (False, True),
    "in_force": (False, True),
    "role": tuple(Role),
    "actor": ("kabag", "ins", "op-dinkes", "system:timekeeper"),
    "type_prefix": ("agreement.", "hold.", "obligation.overdue"),
    "stream": ("organisation", "agreement/dinkes/2021"),
    "subject": ("dinkes", "k1", "op-dinkes"),
    "recorded_from": ("2021-03-01", "2022-01-01"),
    "recorded_until": ("2021-06-30", "2023-01-01"),
    "effective_from": ("2020-01-01", "2021-02-01"),
    "effective_until": ("2021-12-31", "2024-06-30"),
    "states": (("overdue",), ("met_late", "met_on_time"), ("in_hand", "due_soon")),
}


class Question(msgspec.Struct, frozen=True):
    """A query by its name, what it is narrowed to, and the day that it is asked about."""

    query: str
    narrowed: dict[str, Any]
    day: date


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What was held live: the rows of each read model and the answer to each question, by digest.

    `told` is, of some moments, a whole answer as it left the system for a person, with the position that it named.
    """

    instant: datetime
    position: int
    rows: dict[str, str]
    answers: tuple[tuple[Question, str], ...]
    told: tuple[Question, str] | None


class Difference(msgspec.Struct, frozen=True):
    """A moment that is told otherwise than it was, and in what."""

    position: int
    known_at: str
    what: str


def hold(system: System, rng: Random, years: range, share: float) -> Held:
    """Ask now, of the live rows, a share of all questions about today and about another day."""
    with system.reader.view(INSTITUTION, READ_MODELS) as view:
        today = view.valid_on
        other = date(years.start - 1, 1, 1) + timedelta(days=rng.randrange(366 * (len(years) + 3)))
        days = (today, other) if other != today else (today, today + timedelta(days=1))
        questions = [
            question
            for day in days
            for question in _questions(rng, view, years, day)
            if day == today or question.query not in ASKED_ONCE
            if rng.random() < (share * DEAR_SHARE if question.query in DEAR else share)
        ]
        kept = rng.choice([each for each in questions if QUERIES[each.query].many and QUERIES[each.query].models])
        return Held(
            instant=view.known_at,
            position=view.position,
            rows=rows_of(view.rows),
            answers=tuple((question, _answer(system, view, question)) for question in questions),
            told=(kept, _told(system, kept, None)) if rng.random() < 0.25 else None,
        )


def differences(system: System, held: Held, known_at: str, leaving_out: frozenset[str]) -> Iterator[Difference]:
    """Ask everything again as of `known_at`, and yield what is answered otherwise; some queries may be left out."""
    with system.reader.view(INSTITUTION, READ_MODELS, known_at) as view:
        if view.position != held.position:
            yield Difference(held.position, known_at, f"position {view.position}")
            return
        rows = rows_of(view.rows)
        yield from (
            Difference(held.position, known_at, f"rows of {name}")
            for name, digest in held.rows.items()
            if name not in leaving_out and rows[name] != digest
        )
        yield from (
            Difference(held.position, known_at, f"{question}")
            for question, digest in held.answers
            if question.query not in leaving_out and _answer(system, view, question) != digest
        )
    if held.told is not None and held.told[0].query not in leaving_out:
        question, told = held.told
        if _told(system, question, known_at) != told:
            yield Difference(held.position, known_at, f"told {question}")


def sources(system: System) -> Sources:
    """Return what queries may read besides rows."""
    return Answers(system)._sources


def asked(question: Question, **more: Any) -> Asked:  # noqa: ANN401 - the parameters of any query
    """Return a question as the query takes it."""
    return msgspec.convert({**question.narrowed, **more}, QUERIES[question.query].asked)


def found(system: System, view: View, question: Question) -> Any:  # noqa: ANN401 - any answer
    """Return the answer of a view to a question, as it is found.

    The instant of the view is an echo of what was asked, now or a position, and no part of the answer.
    """
    query = QUERIES[question.query]
    that_day = msgspec.structs.replace(view, valid_on=question.day, known_at=ECHOED)
    answer = query.ask(sources(system), that_day, asked(question))
    return query.finish(sources(system), that_day, list(answer)) if query.many else answer


def _answer(system: System, view: View, question: Question) -> str:
    try:
        answer = found(system, view, question)
    except Refusal as refusal:
        return refusal.code
    told = encode_unsealed(answer, lambda digests: system.log.texts(INSTITUTION, digests))
    return hashlib.sha256(told).hexdigest()


def _told(system: System, question: Question, known_at: str | None) -> str:
    """Return the digest of the first page that the auditor is given; the instant echoed is that asked for."""
    moment = {} if known_at is None else {"known_at": known_at}
    whole = asked(question, **moment, valid_on=question.day.isoformat(), limit=MAX_LIMIT)
    told = msgspec.json.decode(Answers(system).answer(QUERIES[question.query], INSTITUTION, "audit", whole).content)
    said = {name: told[name] for name in ("institution", "position", "valid_on", "version", "data")}
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def rows_of(rows: Rows) -> dict[str, str]:
    """Return the digest of all rows of each read model."""
    return {model.name: digest_of_rows(rows, [model]) for model in READ_MODELS}


def _questions(rng: Random, view: View, years: range, day: date) -> Iterator[Question]:
    """Yield each question that can be asked without saying about what, and one about something of each kind."""
    for query in QUERIES.values():
        if query.name in OUTSIDE_THE_LOG:
            continue
        fields = [each for each in msgspec.structs.fields(query.asked) if each.name not in GENERAL]
        if query.name not in ASKED_ONCE and not any(each.required for each in fields):
            yield Question(query.name, {}, day)
        narrowed = {
            each.name: _word(rng, query, view, years, each)
            for each in fields
            if each.required or (each.name in WORDS.keys() | {"fiscal_year", "status"} and rng.random() < 0.3)
        }
        yield Question(query.name, {**narrowed, **_existing(rng, query, view.rows)}, day)


def _existing(rng: Random, query: Query, rows: Rows) -> dict[str, Any]:
    """Return an entity and year of which there is something, for a question about one such, mostly."""
    if not issubclass(query.asked, OfCycle) or rng.random() < 0.1:
        return {}
    known = [(row.unit, row.fiscal_year) for row in rows.rows(query.models[0])]
    unit, year = rng.choice(known) if known else ("dinkes", 2021)
    return {"unit": unit, "fiscal_year": year}


def _word(rng: Random, query: Query, view: View, years: range, field: msgspec.structs.FieldInfo) -> Any:  # noqa: ANN401
    if field.name in WORDS:
        return rng.choice(WORDS[field.name])
    if field.name in {"position", "old_size"}:
        return rng.randint(1, view.position)
    if field.name == "key":
        return _key(rng, view.rows, query.models[0], query.stage)
    if field.name == "status":
        return rng.choice(list(_literals(field.type)))
    return rng.choice(years)


def _key(rng: Random, rows: Rows, model: ReadModel[Any], stage: str) -> str:
    if stage == "organisation":
        return rng.choice(EVERY_UNIT)
    keys = [row.key for row in rows.rows(model)]
    return rng.choice(keys) if keys else "2021.dinkes.nothing"


def _literals(annotation: Any) -> Iterator[str]:  # noqa: ANN401 - an annotation
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for each in get_args(annotation):
            yield from _literals(each)
