"""Names of streams: where each fact of an institution lives, and which cycle it belongs to.

    organisation
    agreement/{unit}/{year}   measurement/…   report/…   evaluation/…
    recommendation/{year}.{unit}.{n}   obligation/{year}.{unit}.{duty}   hold/{year}.{unit}.{duty}

The ids of the last row are derived from their cause, so that the same cause never makes two of them.
"""

from functools import lru_cache
from typing import Annotated, Final

from msgspec import Meta

ORGANISATION = "organisation"
_REMEMBERED: Final = 16_384  # names in their parts: folds take every name apart several times

DerivedId = Annotated[
    str,
    Meta(max_length=120, pattern=r"^20[0-9]{2}\.[a-z0-9][a-z0-9-]{0,39}\.[a-z0-9][a-z0-9-]{0,59}(?!\n)$"),
]
"""`{fiscal year}.{unit}.{cause}`, such as `2024.dinkes.agreement`."""


def agreement_stream(unit: str, fiscal_year: int) -> str:
    """Return the stream of the one agreement of an entity and year."""
    return f"agreement/{unit}/{fiscal_year}"


def measurement_stream(unit: str, fiscal_year: int) -> str:
    """Return the stream of all realisations of an entity and year."""
    return f"measurement/{unit}/{fiscal_year}"


def report_stream(unit: str, fiscal_year: int) -> str:
    """Return the stream of the performance report of an entity and year."""
    return f"report/{unit}/{fiscal_year}"


def evaluation_stream(unit: str, fiscal_year: int) -> str:
    """Return the stream of the evaluation of an entity's performance year."""
    return f"evaluation/{unit}/{fiscal_year}"


def recommendation_stream(recommendation: str) -> str:
    """Return the stream of one recommendation."""
    return f"recommendation/{recommendation}"


def obligation_stream(obligation: str) -> str:
    """Return the stream of one duty with a due date."""
    return f"obligation/{obligation}"


def hold_stream(hold: str) -> str:
    """Return the stream of one allowance hold."""
    return f"hold/{hold}"


def derived_id(unit: str, fiscal_year: int, cause: str) -> str:
    """Return the id of what a cause in a cycle brings about.

    >>> derived_id("dinkes", 2024, "agreement")
    '2024.dinkes.agreement'
    """
    return f"{fiscal_year}.{unit}.{cause}"


def unit_of_derived(derived: str) -> str:
    """Return the unit in a derived id.

    >>> unit_of_derived("2024.dinkes.agreement")
    'dinkes'
    """
    return derived.split(".", 2)[1]


def year_of_derived(derived: str) -> int:
    """Return the fiscal year in a derived id.

    >>> year_of_derived("2024.dinkes.agreement")
    2024
    """
    return int(derived.split(".", 1)[0])


def cycle(unit: str, fiscal_year: int) -> str:
    """Return the name of the cycle of an entity and year, the correlation of its events."""
    return f"{unit}/{fiscal_year}"


@lru_cache(_REMEMBERED)
def category_of(stream: str) -> str:
    """Return the first word of a stream name, which names its stage."""
    return stream.partition("/")[0]


@lru_cache(_REMEMBERED)
def cycle_of(stream: str) -> tuple[str, int] | None:
    """Return (unit, fiscal year) of the cycle that a stream belongs to, or None for the organisation.

    >>> cycle_of("agreement/dinkes/2024"), cycle_of("hold/2024.dinkes.agreement"), cycle_of("organisation")
    (('dinkes', 2024), ('dinkes', 2024), None)
    """
    match stream.split("/"):
        case [_, unit, year]:
            return unit, int(year)
        case [_, derived]:
            year, unit, _ = derived.split(".", 2)
            return unit, int(year)
        case _:
            return None
