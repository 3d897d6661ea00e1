"""Says in Indonesian what a decoder found wrong with a value, and in which field."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import msgspec

BODY: Final = "body"
"""The name of the field where the whole is wrong."""

_TYPES: Final = {
    "int": "bilangan bulat",
    "float": "bilangan",
    "str": "teks",
    "bool": "true atau false",
    "object": "objek",
    "array": "daftar",
    "null": "null",
    "decimal": "angka",
    "date": "tanggal",
}

_FAULTS: Final = (
    (r"Object missing required field `(?P<field>[^`]*)`", "Isian wajib belum ada"),
    (r"Object contains unknown field `(?P<field>[^`]*)`", "Isian tidak dikenal"),
    (r"Expected `(?P<wanted>[^`]+)`, got `(?P<given>[^`]+)`", "Harus berupa {wanted}, bukan {given}"),
    (r"Expected `(?:int|float)` (?P<limit>[<>]=? .+)", "Harus bilangan {limit}"),
    (r"Expected `str` of length (?P<limit>.+)", "Panjang teks harus {limit}"),
    (r"Expected `(?:array|object)` of length (?P<limit>.+)", "Jumlah isian harus {limit}"),
    (r"Expected `str` matching regex .+", "Bentuk atau karakter tidak diizinkan"),
    (r"Invalid enum value (?P<given>.+)", "Pilihan {given} tidak tersedia"),
    (r"Invalid value (?P<given>.+)", "Nilai {given} tidak tersedia"),
    (r"Invalid RFC3339 encoded date(?:time)?", "Harus tanggal TTTT-BB-HH yang ada"),
    (r"Invalid decimal string", "Harus angka dengan titik desimal"),
    (r"(?:Integer value|Number) out of range", "Angka terlalu besar"),
    (r"Input data was truncated", "Isi terpotong atau kosong"),
    (r"JSON is malformed: .*\(byte (?P<byte>[0-9]+)\)", "Bukan JSON yang sah, mulai bita {byte}"),
)
_PLACE: Final = re.compile(r"(?P<reason>.*) - at `(?P<place>[^`]*)`", re.DOTALL)


class Fault(NamedTuple):
    """What is wrong, and the path of the field, such as `realisation.period.number`."""

    reason: str
    field: str


class Unreadable(Exception):
    """What a client sent is not of the form that the address asks for."""

    def __init__(self, reason: str, field: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.fault = Fault(reason, field)


@contextmanager
def reading() -> Iterator[None]:
    """Raise `Unreadable` for whatever a decoder refuses of what a client sent; elsewhere such an error is our fault."""
    try:
        yield
    except msgspec.MsgspecError as error:
        raise Unreadable(*fault_of(error)) from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"Bukan UTF-8 yang sah, mulai bita {error.start}", BODY) from error


def fault_of(error: Exception) -> Fault:
    """Return what an error of a decoder says; a reason that is not the decoder's own is Indonesian already."""
    placed = _PLACE.fullmatch(str(error))
    reason, place = (placed["reason"], placed["place"]) if placed else (str(error), "$")
    path = place.removeprefix("$").removeprefix(".")
    for pattern, sentence in _FAULTS:
        if found := re.fullmatch(pattern, reason, re.DOTALL):
            told = {name: _in_words(text) for name, text in found.groupdict().items()}
            return Fault(sentence.format(**told), ".".join(filter(None, (path, told.get("field")))) or BODY)
    return Fault(reason, path or BODY)


def _in_words(text: str) -> str:
    words = text.replace(">= ", "paling sedikit ").replace("<= ", "paling banyak ")
    return " atau ".join(_TYPES.get(each, each) for each in words.split(" | "))
