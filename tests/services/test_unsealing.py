"""Digests become texts on the way out, where the texts still exist."""

import json
from decimal import Decimal

import msgspec
import pytest

from domain.sealed_text import SealedText
from services.unsealing import encode_unsealed


class TestUnsealing:
    ANSWER = {"a": SealedText("1" * 64), "b": [SealedText("2" * 64), SealedText("1" * 64)], "c": Decimal("1.50")}  # noqa: RUF012

    def test_digests_become_texts_and_erased_ones_say_so(self) -> None:
        asked: list[list[str]] = []

        def texts(digests: object) -> dict[str, str]:
            asked.append(sorted(msgspec.convert(digests, list[str])))
            return {"1" * 64: "Terlambat"}

        told = json.loads(encode_unsealed(self.ANSWER, texts))

        assert told == {
            "a": {"text": "Terlambat"},
            "b": [{"text": None, "erased": True}, {"text": "Terlambat"}],
            "c": "1.50",
        }
        assert asked == [["1" * 64, "2" * 64]]

    def test_without_texts_nobody_is_asked(self) -> None:
        def texts(_digests: object) -> dict[str, str]:
            raise AssertionError("asked")

        assert encode_unsealed({"a": 1}, texts) == b'{"a":1}'

    def test_what_has_no_written_form_is_not_guessed(self) -> None:
        with pytest.raises(TypeError, match="object"):
            encode_unsealed(object(), lambda _digests: {})
