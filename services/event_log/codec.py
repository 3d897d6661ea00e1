"""Events to stored bytes and back: JSON tagged with the permanent type name, closed to everything unknown."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from domain.actor import Actor, Role
from domain.event import Event, Origin, RecordedEvent, type_of
from domain.sealed_text import SealedText
from services.event_log.contract import LogEntry, NewEvent

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

_DIGEST_DIGITS = 64
_ACTORS_REMEMBERED: Final = 4_096
_ORIGINS: Final = {origin.value: origin for origin in Origin}


class UnknownEventType(LookupError):
    """A type name that the catalogue does not have: a newer program wrote it, or nobody did."""


class CorruptEntry(ValueError):
    """A stored entry whose columns and payload contradict each other or do not fit the type."""


class UnstorableEvent(ValueError):
    """An event that would not come back from its bytes as it was: a field holds what its type does not allow."""


class Codec:
    """The catalogue of events as bytes.

    `event_types` maps a type name to the frozen struct that is tagged with it. `upcasts` maps an old type name to a
    function from the old payload to that of a later version, with the later name as its `type`; steps are chained.
    """

    def __init__(self, event_types: Mapping[str, type[Event]], upcasts: Mapping[str, Upcast]) -> None:
        for name, event_type in event_types.items():
            if event_type.__struct_config__.tag != name:
                raise ValueError(f"{event_type.__qualname__} is tagged {event_type.__struct_config__.tag}, not {name}")
        if both := event_types.keys() & upcasts.keys():
            raise ValueError(f"both current and superseded: {sorted(both)}")
        self._upcasts = dict(upcasts)
        self._encoder = msgspec.json.Encoder(enc_hook=_to_digest, decimal_format="string", order="deterministic")
        self._decoders: dict[str, msgspec.json.Decoder[Event]] = {
            name: msgspec.json.Decoder(event_type, dec_hook=_from_digest) for name, event_type in event_types.items()
        }
        self._beginnings = {name: f'{{"type":"{name}"'.encode() for name in (*event_types, *upcasts)}

    def encode(self, event: Event) -> bytes:
        """Return the bytes to store: the same event gives the same bytes, in every process.

        Raises:
            UnknownEventType: the type is not in the catalogue.
            UnstorableEvent: the bytes would not give the same event back.
        """
        name = type_of(event)
        decoder = self._decoder(name)
        try:
            payload = self._encoder.encode(event)
            returned = decoder.decode(payload)
        except (msgspec.MsgspecError, NotImplementedError, TypeError, ValueError) as error:
            raise UnstorableEvent(f"{name}: {error}") from error
        if returned != event:
            raise UnstorableEvent(f"{name}: comes back as {returned!r}")
        return payload

    def new_event(self, event: Event, *, fiscal_year: int | None, correlation: str | None) -> NewEvent:
        """Return an event as the log takes it; errors as in `encode`."""
        return NewEvent(
            type=type_of(event),
            payload=self.encode(event),
            effective_on=event.effective_on,
            fiscal_year=fiscal_year,
            correlation=correlation,
        )

    def decode(self, entry: LogEntry) -> RecordedEvent[Event]:
        """Return the event of an entry; `type` stays the stored name, the body is of the current version.

        Raises:
            UnknownEventType: the type is neither in the catalogue nor superseded.
            CorruptEntry: the payload is not of that type, or does not say the same day as its column.
        """
        if (origin := _ORIGINS.get(entry.origin)) is None:
            raise CorruptEntry(f"{entry.institution} {entry.id} ({entry.topic}): {entry.origin!r} is no origin")
        try:
            body = self._body(entry.topic, entry.state)
            actor = _actor(entry.actor_id, entry.actor_role, entry.actor_unit)
        except (msgspec.MsgspecError, ValueError) as error:
            raise CorruptEntry(f"{entry.institution} {entry.id} ({entry.topic}): {error}") from error
        if body.effective_on != entry.effective_on:
            raise CorruptEntry(
                f"{entry.institution} {entry.id}: column {entry.effective_on}, payload {body.effective_on}"
            )
        return RecordedEvent(
            institution=entry.institution,
            position=entry.id,
            stream=str(entry.originator_id),
            version=entry.originator_version,
            fiscal_year=entry.fiscal_year,
            type=entry.topic,
            recorded_at=entry.recorded_at,
            origin=origin,
            actor=actor,
            command_id=entry.command_id,
            index=entry.index,
            causation=entry.causation,
            correlation=entry.correlation,
            body=body,
        )

    def _body(self, name: str, payload: bytes) -> Event:
        """The encoder writes the tag first; a decoder of one type alone would let a payload without a tag pass."""
        if (beginning := self._beginnings.get(name)) is None:
            raise UnknownEventType(name)
        if not payload.startswith(beginning):
            raise ValueError("the payload does not begin with its type")
        if name not in self._upcasts:
            return self._decoders[name].decode(payload)
        raw = msgspec.json.decode(payload, type=dict[str, Any])
        while name in self._upcasts:
            raw = self._upcasts[name](raw)
            name = str(raw["type"])
        return self._decoder(name).decode(self._encoder.encode(raw))

    def _decoder(self, name: str) -> msgspec.json.Decoder[Event]:
        try:
            return self._decoders[name]
        except KeyError:
            raise UnknownEventType(name) from None


@lru_cache(_ACTORS_REMEMBERED)
def _actor(actor_id: str, role: str, unit: str | None) -> Actor:
    return Actor(id=actor_id, role=Role(role), unit=unit)


def _to_digest(value: object) -> str:
    if isinstance(value, SealedText):
        return value.digest
    raise NotImplementedError(f"no stored form for {type(value).__name__}")


def _from_digest(expected: type, value: object) -> object:
    if expected is not SealedText:
        raise NotImplementedError(f"no stored form for {expected.__name__}")
    if not isinstance(value, str) or len(value) != _DIGEST_DIGITS or not set(value) <= set("0123456789abcdef"):
        raise ValueError("not a digest of 64 lower-case hexadecimal digits")
    return SealedText(value)
