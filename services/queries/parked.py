"""The keys at which read models have stopped, with the reason and what waits, until somebody retries or rebuilds."""

from projections.catalogue import READ_MODELS
from services.read_tables import ParkedSince
from services.reading import Reader


def parked(reader: Reader, institution: str, until: int) -> list[ParkedSince]:
    """Return what is parked now at events up to a position, in the order of the positions that it stopped at.

    The log does not say what was parked earlier. Where a retry comes between two pages,
    what is left moves up: whoever retries asks anew.
    """
    with reader.live(institution) as live:
        return [each for each in live.parked(READ_MODELS) if each.position <= until]
