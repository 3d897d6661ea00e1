"""What every fold knows of its stream; a stage adds its own fields."""

from datetime import date
from typing import Any, Self

import msgspec


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The stream version and the day of the last status change; a stream that has not begun stands at version 0."""

    version: int = 0
    status_since: date | None = None

    @property
    def holder(self) -> str | None:
        """The unit that has the work of the stream by now, where it can pass on; null: the one it began with."""
        return None

    def now(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields of any stage
        """Return this state with some fields changed."""
        return msgspec.structs.replace(self, **changes)
