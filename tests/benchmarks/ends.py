"""Whether a difference is told rightly: by what the registers answer at its two ends, and by nothing in between."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, Final

from domain.stream import cycle, unit_of_derived
from projections.replay import ReplayedRows
from services.bootstrap import System
from services.difference import ERASED, Difference
from services.places import Leaf, compare, name_of
from services.year_file import REGISTERS
from tests.benchmarks.regency import INSTITUTION

Place = tuple[str, str]
"""A register, and a place in it."""

Places = dict[Place, tuple[str | None, str | None]]
"""Which value a place had earlier, and which it has later."""

_NAME: Final = re.compile(r"\[([^\]]+)\]")
_MONTH: Final = re.compile(r"([0-9]{4})-M([0-9]{2})")
_PERIOD: Final = re.compile(r"periods\[([^\]]+)\]")


def told_of(found: Difference, unit: str) -> Places:
    """Return what is told of one unit."""
    told = {(each.register, each.place): (each.earlier, each.later) for each in found.changes}
    return {place: values for place, values in told.items() if _unit_of(_name_in(place)) == unit}


def wrongly_told(system: System, found: Difference, unit: str) -> set[Place]:
    """Return the places of a unit where what is told is not what differs between the ends."""
    told, ends = told_of(found, unit), _Ends(system, found, unit).places()
    return {each for each in told.keys() | ends.keys() if told.get(each) != ends.get(each)}


class _Ends:
    """Answers about the year of a unit, each folded out of the events of its cycle alone."""

    def __init__(self, system: System, found: Difference, unit: str) -> None:
        self._found = found
        self._unit = unit
        entries = system.log.read_cycle(INSTITUTION, cycle(unit, found.year), found.later)
        self._events = [system.codec.decode(entry) for entry in entries]
        self._later = self._answers(found.later)
        self._known: dict[int, Places] = {}

    def places(self) -> Places:
        """Return what differs since the moment, since the report, or since the approval of each document."""
        if self._found.against == "approval":
            return dict(self._unsettled())
        if self._found.earlier is not None:
            return self._since(self._found.earlier)
        (baseline,) = self._found.baselines
        return self._since(baseline.event.position)

    def _unsettled(self) -> Iterator[tuple[Place, tuple[str | None, str | None]]]:
        """Yield what differs of a period since it or its quarter was approved, and else since any was."""
        approvals: dict[Place, dict[str, int]] = defaultdict(dict)
        for each in self._found.baselines:
            name = each.document.partition("/")[0]
            approvals[each.register or "", name][each.period or ""] = self._end_of_command(each.event.position)
        for document, parts in approvals.items():
            for position in set(parts.values()):
                for place, values in self._since(position).items():
                    if (place[0], _name_in(place)) == document and _approved(parts, _period_in(place)) == position:
                        yield place, values

    def _end_of_command(self, position: int) -> int:
        """Return the last position of what one command recorded in this cycle: all of it is approved."""
        command = next(each.command_id for each in self._events if each.position == position)
        return max(each.position for each in self._events if each.command_id == command)

    def _since(self, position: int) -> Places:
        if position not in self._known:  # many documents are approved at once
            self._known[position] = self._compared(self._answers(position), self._later)
        return self._known[position]

    @staticmethod
    def _compared(earlier: dict[Place, Any], later: dict[Place, Any]) -> Places:
        return {
            (document[0], each.place): (_text(each.earlier), _text(each.later))
            for document in earlier.keys() | later.keys()
            for each in compare(earlier.get(document), later.get(document), f"[{document[1]}]")
        }

    def _answers(self, position: int) -> dict[Place, Any]:
        """Return the answers as known at a position, by register and name."""
        known = takewhile(lambda event: event.position <= position, self._events)
        rows, found = ReplayedRows(known, [each.model for each in REGISTERS]), self._found
        return {
            (register.name, name_of(answer) or ""): answer
            for register in REGISTERS
            for answer in register.ask(rows, found.valid_on, unit=self._unit, fiscal_year=found.year)
        }


def _name_in(place: Place) -> str:
    """Return the name of the answer that a place lies in: of its unit, or a derived id."""
    found = _NAME.match(place[1])
    return "" if found is None else found[1]


def _unit_of(name: str) -> str:
    return unit_of_derived(name) if "." in name else name


def _period_in(place: Place) -> str:
    found = _PERIOD.search(place[1]) if place[0] == "achievements" else None
    return "" if found is None else found[1]


def _approved(parts: Mapping[str, int], period: str) -> int | None:
    """Return when a period was approved last, itself or its quarter; of what is no period, when any was."""
    month = _MONTH.fullmatch(period)
    quarter = f"{month[1]}-Q{(int(month[2]) + 2) // 3}" if month else period
    own = [position for each, position in parts.items() if not period or each in {period, quarter}]
    return max(own, default=None)


def _text(leaf: Leaf | None) -> str | None:
    """Return the value as it is told; no typed text of the regency is kept anywhere."""
    if leaf is None:
        return None
    return ERASED if leaf.kind == "typed" else leaf.text
