"""What the address of a page asks for, and which units' answers a person may see there."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request

from domain.authority import permit_query
from domain.bounds import FiscalYear, Identifier
from domain.errors import NotAllowed, RoleMissing, UnitUnknown
from domain.institution import Institution
from services.http.unreadable import reading
from services.queries.asked import Day, Moment
from services.tokens import Bearer

PageRequest = Request[Bearer, None, Any]


class PageAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of a page; `all_years` where the year was left blank on purpose."""

    year: FiscalYear | None = None
    unit: Identifier | None = None
    known_at: Moment | None = None
    valid_on: Day | None = None
    all_years: bool = False

    @property
    def historic(self) -> bool:
        """Whether it asks for anything but the present state."""
        return self.known_at is not None or self.valid_on is not None

    def query(self, **changes: object) -> str:
        """Return the parameters as they stand in an address, with some of them changed."""
        given = {name: getattr(self, name) for name in ("year", "unit", "known_at", "valid_on")} | changes
        if self.all_years and given["year"] is None:
            given["year"] = ""
        return urlencode({name: value for name, value in given.items() if value is not None})


class Permits(msgspec.Struct, frozen=True, kw_only=True):
    """Which answers a person may see on a day: `may(query, unit)`, where no unit means all of them."""

    person: str
    organisation: Institution
    day: date

    def may(self, query: str, unit: str | None = None) -> bool:
        """Say whether a role of the person permits a query about a unit."""
        try:
            permit_query(query, unit, self.person, self.organisation, self.day)
        except NotAllowed:
            return False
        return True

    def units(self, query: str) -> tuple[str, ...]:
        """Return the units that the person may ask about, those in being first."""
        may_all = self.may(query)
        found = (unit for unit in self.organisation.units if may_all or self.may(query, unit))
        return tuple(sorted(found, key=lambda unit: (not self.organisation.in_being(unit, self.day), unit)))

    def unit_for(self, query: str, unit: str | None) -> str | None:
        """Return the unit to show: the one asked for, or, for who may not see all units, one that the person may see.

        Raises RoleMissing where no role permits it, and UnitUnknown for one that never was.
        """
        if unit is None and not self.may(query):
            own = self.units(query)
            if not own:
                raise RoleMissing(action=query, day=self.day)
            return own[0]
        permit_query(query, unit, self.person, self.organisation, self.day)
        if unit is not None and unit not in self.organisation.units:
            raise UnitUnknown(unit=unit)
        return unit


def asked_of(request: PageRequest) -> PageAsked:
    """Read the parameters of an address, a blank one as not given; raise Unreadable for what is no such value."""
    given = {name: str(value).strip() for name, value in request.query_params.items()}
    named = {name: given[name] for name in ("year", "unit", "known_at", "valid_on") if given.get(name)}
    with reading():
        asked = msgspec.convert(named, PageAsked, strict=False)
    return msgspec.structs.replace(asked, all_years=given.get("year") == "")
