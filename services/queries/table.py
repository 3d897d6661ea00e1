"""Every query there is, by name and by the stage that its address begins with."""

from collections.abc import Mapping
from typing import Final

from services.queries.of_cycle import OF_THE_CYCLE
from services.queries.of_log import OF_THE_LOG
from services.queries.query import Query

_TABLE: Final = (*OF_THE_CYCLE, *OF_THE_LOG)

QUERIES: Final[Mapping[str, Query]] = {each.name: each for each in _TABLE}
"""Every query by its name."""


def queries_of(stage: str) -> tuple[Query, ...]:
    """Return the queries whose address begins with a stage, such as `follow-up`."""
    return tuple(each for each in _TABLE if each.stage == stage)
