"""The program of a later release, in which two events have another form: old ones are read through upcasts."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from domain.agreement.events import TargetSet
from domain.bounds import Version
from domain.commitment import AgreedTarget
from domain.cycle import event_types
from domain.event import Event
from domain.measurement.events import RealisationRecorded
from domain.realisation import Realisation
from services.event_log.codec import Codec, Upcast


class TargetSetAnew(
    TargetSet,
    frozen=True,
    kw_only=True,
    tag="agreement.target_set.v3",
    rename={"target": "agreed", "amended_by": "amendment"},
):
    """A target whose stored fields have other names, and were renamed in two steps."""

    target: AgreedTarget
    amended_by: Version | None = None


class RealisationRecordedAnew(
    RealisationRecorded,
    frozen=True,
    kw_only=True,
    tag="measurement.realisation_recorded.v2",
    rename={"realisation": "figures"},
):
    """A realisation whose stored field has another name, and says that a unit entered it."""

    realisation: Realisation
    entered_by: str


def _target_v2(raw: dict[str, Any]) -> dict[str, Any]:
    agreed = {("agreed" if name == "target" else name): value for name, value in raw.items()}
    return {**agreed, "type": "agreement.target_set.v2"}


def _target_v3(raw: dict[str, Any]) -> dict[str, Any]:
    renamed = {("amendment" if name == "amended_by" else name): value for name, value in raw.items()}
    return {**renamed, "type": "agreement.target_set.v3"}


def _realisation_v2(raw: dict[str, Any]) -> dict[str, Any]:
    renamed = {("figures" if name == "realisation" else name): value for name, value in raw.items()}
    return {**renamed, "type": "measurement.realisation_recorded.v2", "entered_by": "unit"}


UPCASTS: Final[Mapping[str, Upcast]] = {
    "agreement.target_set.v1": _target_v2,
    "agreement.target_set.v2": _target_v3,
    "measurement.realisation_recorded.v1": _realisation_v2,
}


def losing(raw: dict[str, Any]) -> dict[str, Any]:
    """Forget by which amendment a target was set: an upcast that is wrong."""
    return _target_v2({**raw, "amended_by": None})


def catalogue() -> dict[str, type[Event]]:
    """Return the types of that release: the old names are superseded."""
    kept: dict[str, type[Event]] = {name: each for name, each in event_types().items() if name not in UPCASTS}
    return {
        **kept,
        "agreement.target_set.v3": TargetSetAnew,
        "measurement.realisation_recorded.v2": RealisationRecordedAnew,
    }


def installed(patch: pytest.MonkeyPatch, upcasts: Mapping[str, Upcast] = UPCASTS) -> None:
    """Let whatever is put together from now on be of that release, to which rows of before are of another shape."""
    for module in ("read_tables", "generations"):
        patch.setattr(f"services.{module}.FINGERPRINT", "of the next release")
    patch.setattr("services.bootstrap.Codec", lambda _types, _upcasts: Codec(catalogue(), upcasts))


def upcast(told: Any) -> Any:  # noqa: ANN401 - plain JSON values
    """Return what was told of events in their old form, as it is told in the new one."""
    if isinstance(told, list):
        return [upcast(each) for each in told]
    if not isinstance(told, dict):
        return told
    while told.get("type") in UPCASTS and "effective_on" in told and "position" not in told:
        told = UPCASTS[told["type"]](told)
    return {name: upcast(value) for name, value in told.items()}
