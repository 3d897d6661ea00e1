"""The way back of sealing: in what leaves the system, digests become the texts they stand for, where those exist."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from domain.sealed_text import SealedText


class Unsealed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text typed by a person; null and `erased` where only its digest is left."""

    text: str | None
    erased: bool = False


def encode_unsealed(answer: object, texts: Callable[[Sequence[str]], Mapping[str, str]]) -> bytes:
    """Return an answer as JSON with each sealed text as an `Unsealed`; `texts` is asked once, if at all.

    Figures are decimal text, instants and days ISO 8601.
    """
    met, sealed = _met(answer)
    if not met:
        return sealed
    known = texts(met)

    def unseal(value: Any) -> Unsealed:  # noqa: ANN401 - the signature of an encoding hook
        text = known.get(_sealed(value).digest)
        return Unsealed(text=text, erased=text is None)

    return msgspec.json.encode(answer, enc_hook=unseal)


def texts_in(answer: object, texts: Callable[[Sequence[str]], Mapping[str, str]]) -> Mapping[str, str]:
    """Return the texts that an answer names, by digest, as far as they exist; `texts` is asked once, if at all."""
    met, _ = _met(answer)
    return texts(met) if met else {}


def _met(answer: object) -> tuple[list[str], bytes]:
    """Return the digests of the texts in an answer, and the answer as JSON with nulls in their place."""
    met: dict[str, None] = {}

    def note(value: Any) -> None:  # noqa: ANN401 - the signature of an encoding hook
        met[_sealed(value).digest] = None

    sealed = msgspec.json.encode(answer, enc_hook=note)
    return list(met), sealed


def _sealed(value: object) -> SealedText:
    if isinstance(value, SealedText):
        return value
    raise TypeError(f"no written form for {type(value).__name__}")
