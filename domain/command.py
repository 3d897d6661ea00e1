"""What a command is: an intent that names the stream it is about and the unit it concerns."""

from abc import abstractmethod
from datetime import date

import msgspec

from domain.bounds import FiscalYear, Identifier


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An intent. `effective_on` is the local day it takes effect, today where it is not given."""

    effective_on: date | None = None

    @property
    @abstractmethod
    def stream(self) -> str:
        """The stream that the command is decided on and appended to."""

    @property
    @abstractmethod
    def subject_unit(self) -> str | None:
        """The unit whose work this is, or null where it concerns the institution as a whole."""


class CycleCommand(Command, frozen=True, kw_only=True):
    """A command on the one stage of an entity and performance year."""

    unit: Identifier
    fiscal_year: FiscalYear

    @property
    def subject_unit(self) -> str:
        """The accountable entity."""
        return self.unit


def name_of(command: type[Command] | Command) -> str:
    """Return the permanent name of a command, such as `agreement.sign`."""
    return str(command.__struct_config__.tag)
