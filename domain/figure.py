"""One reader of figures as people write them: it never raises, never guesses, and says what it saw."""

import re
import unicodedata
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from domain.arithmetic import quotient
from domain.bounds import check_figure

FigureKind = Literal[
    "number",
    "fraction",
    "ratio",
    "range",
    "predicate",
    "ordinal",
    "blank",
    "not_applicable",
    "not_obtained",
    "ambiguous",
    "text",
]

MAX_CHARACTERS: Final = 300


class Reading(Struct, frozen=True):
    """One way to read a written number: its value, and how many decimal places were written."""

    value: Decimal
    decimals: int


class ParsedFigure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a cell says.

    `value` and `decimals` (places as written) are set for `number` only; a grade with its figure, 'A (80,50)', is a
    number with the grade in `label`. `parts` holds the two figures of a fraction, ratio or range. `readings` are all
    values that the writing allows: one for a number, two for `ambiguous` ('44.113' is 44.113 or 44113), else none.
    `label` is the text of a predicate, ordinal or text; `note` what stood beside the figure, or why it is unread.
    """

    kind: FigureKind
    value: Decimal | None = None
    decimals: int = 0
    readings: tuple[Reading, ...] = ()
    parts: tuple[Decimal, Decimal] | None = None
    label: str = ""
    note: str = ""
    percent: bool = False

    @property
    def quotient(self) -> Decimal | None:
        """The first part divided by the second, for a fraction or ratio whose second part is not zero."""
        if self.parts is None or self.kind == "range" or not self.parts[1]:
            return None
        return quotient(*self.parts)


_BLANKS: Final = frozenset({"", "-", "--", "–", "—", "−", "...", "…"})
_NOT_APPLICABLE: Final = frozenset({"n/a", "na", "n.a.", "tidak berlaku"})
_NOT_OBTAINED: Final = frozenset({"tdi", "tidak diperoleh informasi"})
_GRADES: Final = frozenset({"aa", "a", "bb", "b", "cc", "c", "d", "e", "a-", "b+"})
_PREDICATES: Final = _GRADES | {
    "wtp",
    "wdp",
    "tw",
    "tmp",
    "sangat memuaskan",
    "memuaskan",
    "sangat baik",
    "baik",
    "cukup",
    "kurang",
    "sangat kurang",
}
_SCALES: Final = {"ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12}
_CONJUNCTIONS: Final = frozenset({"dari", "dan", "atau", "sampai", "hingga", "s.d", "s.d.", "s/d", "per"})

_NUMBER: Final = r"[+-]?[0-9][0-9.,]*|[+-]?[.,][0-9]+"
_WORD: Final = r"(?:[^\W\d_][^\d()]*|(?:[kcdm]?m|km)[23]\b[^\d()]*)"
_RATIO: Final = re.compile(rf"({_NUMBER}) ?: ?({_NUMBER})")
_FRACTION: Final = re.compile(rf"({_NUMBER}) dari ({_NUMBER})(?: ({_WORD}))?", re.IGNORECASE)
_RANGE: Final = re.compile(
    rf"({_NUMBER})(?: ?%)? ?(?:-|–|—|s\.?/?d\.?|sampai|hingga) ?({_NUMBER})(?: ?%)?", re.IGNORECASE
)
_FIGURE: Final = re.compile(
    rf"(?P<money>Rp\.? ?)?(?P<number>{_NUMBER}) ?(?P<percent>%)?(?: (?P<words>{_WORD}))??(?: ?\((?P<remark>[^()]*)\))?",
    re.IGNORECASE,
)
_GRADED: Final = re.compile(rf"(?P<label>[^\d()]+?) ?\( ?(?P<number>{_NUMBER})(?: ?%)? ?\)")
_ORDINAL: Final = re.compile(
    r"(?:level|tingkat|peringkat|tahap|strata) (?:[0-9]{1,2}|[ivx]{1,4}|[a-e])(?: ?\+| ?-| plus| minus)?", re.IGNORECASE
)
_ONE_SIGN: Final = re.compile(r"[0-9]+|[0-9]*[.,][0-9]+")
_INDONESIAN: Final = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_ENGLISH: Final = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DOTTED_THREE: Final = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def parse_figure(text: str) -> ParsedFigure:
    """Read one cell. Never raises, whatever the text: what is no figure is `text`, what is two figures `ambiguous`.

    A comma is the decimal sign and points group thousands (Pedoman Umum Ejaan Bahasa Indonesia), but programs write
    decimal points too: a single point before exactly three digits could be either and stays ambiguous, unless the
    number begins with zero ('0.355'). Digits other than 0-9, underscores, exponents, NaN, figures of 1e15 and more or
    with more than 10 decimal places, control characters and cells of more than 300 characters are never figures.
    """
    if len(text) > MAX_CHARACTERS:
        return ParsedFigure(kind="text", note=f"lebih dari {MAX_CHARACTERS} karakter")
    clean = " ".join(text.split())
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in clean):
        return ParsedFigure(kind="text", note="memuat karakter terlarang")
    return _as_missing(clean) or _as_label(clean) or _as_pair(clean) or _as_number(clean) or _as_text(clean)


def _as_missing(clean: str) -> ParsedFigure | None:
    word = clean.casefold()
    if word in _BLANKS:
        return ParsedFigure(kind="blank", note=clean)
    if word in _NOT_APPLICABLE:
        return ParsedFigure(kind="not_applicable", note=clean)
    return ParsedFigure(kind="not_obtained", note=clean) if word in _NOT_OBTAINED else None


def _as_label(clean: str) -> ParsedFigure | None:
    if clean.casefold() in _PREDICATES:
        return ParsedFigure(kind="predicate", label=clean)
    if _ORDINAL.fullmatch(clean):
        return ParsedFigure(kind="ordinal", label=clean)
    graded = _GRADED.fullmatch(clean)
    if graded is None or graded["label"].casefold() not in _PREDICATES:
        return None
    return _number(read_number(graded["number"]), label=graded["label"])


def _as_pair(clean: str) -> ParsedFigure | None:
    patterns: tuple[tuple[FigureKind, re.Pattern[str]], ...] = (
        ("ratio", _RATIO),
        ("fraction", _FRACTION),
        ("range", _RANGE),
    )
    for kind, pattern in patterns:
        found = pattern.fullmatch(clean)
        if found is None:
            continue
        first, second = read_number(found[1]), read_number(found[2])
        if not first or not second:
            return None
        if len(first) > 1 or len(second) > 1:
            return ParsedFigure(kind="ambiguous", note=clean)
        parts = (first[0].value, second[0].value)
        if kind == "range" and parts[0] > parts[1]:
            return None
        return ParsedFigure(kind=kind, parts=parts, note=(found[3] or "") if kind == "fraction" else "")
    return None


def _as_number(clean: str) -> ParsedFigure | None:
    found = _FIGURE.fullmatch(clean)
    if found is None:
        return None
    words = (found["words"] or "").strip()
    if _CONJUNCTIONS & set(words.casefold().split()):
        return None
    readings = read_number(found["number"])
    if found["money"]:
        # Rupiah has no third decimal: 'Rp 44.113' groups thousands.
        readings = readings[-1:]
    scale = _SCALES.get(words.casefold().split(" ")[0], 0)
    remark = found["remark"] or ""
    if remark.casefold() in _PREDICATES:
        return _number(_scaled(readings, scale), label=remark, note=words, percent=bool(found["percent"]))
    note = f"{words} ({remark})" if words and remark else words or remark
    return _number(_scaled(readings, scale), note=note, percent=bool(found["percent"]))


def _as_text(clean: str) -> ParsedFigure:
    return ParsedFigure(kind="text", label=clean)


def _number(
    readings: tuple[Reading, ...], *, label: str = "", note: str = "", percent: bool = False
) -> ParsedFigure | None:
    if not readings:
        return None
    if len(readings) > 1:
        return ParsedFigure(kind="ambiguous", readings=readings, label=label, note=note, percent=percent)
    only = readings[0]
    return ParsedFigure(
        kind="number",
        value=only.value,
        decimals=only.decimals,
        readings=readings,
        label=label,
        note=note,
        percent=percent,
    )


def _scaled(readings: tuple[Reading, ...], power: int) -> tuple[Reading, ...]:
    return tuple(
        scaled
        for entry in readings
        if (scaled := _reading(f"{entry.value.scaleb(power):f}", max(entry.decimals - power, 0))) is not None
    )


def read_number(written: str) -> tuple[Reading, ...]:
    """All readings of digits with points and commas: none when malformed or out of bounds, two when ambiguous."""
    sign = "-" if written[:1] == "-" else ""
    digits = written.lstrip("+-")
    plain = _plain(digits)
    if plain is None:
        return ()
    candidates = [plain, digits.replace(".", "")] if _DOTTED_THREE.fullmatch(digits) else [plain]
    readings = (_reading(sign + candidate, len(candidate.partition(".")[2])) for candidate in candidates)
    return tuple(reading for reading in readings if reading is not None)


def _plain(digits: str) -> str | None:
    """The digits with a decimal point and no grouping, or null where points and commas contradict each other."""
    if _ONE_SIGN.fullmatch(digits):
        return digits.replace(",", ".")
    if _INDONESIAN.fullmatch(digits):
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", "") if _ENGLISH.fullmatch(digits) else None


def _reading(plain: str, decimals: int) -> Reading | None:
    try:
        return Reading(check_figure(Decimal(plain)), decimals)
    except ValueError:
        return None
