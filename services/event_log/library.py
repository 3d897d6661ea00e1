"""Lets an application of the `eventsourcing` library run on a log: recorders and their infrastructure factory.

`PERSISTENCE_MODULE` is `services.event_log.library:LogFactory`; give the class, since a module that imports a factory
beside its own is refused. Each application has one institution of the log to itself: `library`, or `library/{scope}`.
"""

import weakref
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.popo import POPOAggregateRecorder
from eventsourcing.utils import Environment, EnvType, resolve_topic

from services.clock import SystemClock
from services.event_log.library_errors import as_library_errors
from services.event_log.library_scope import LibraryScope
from services.event_log.library_subscription import LogSubscription
from services.event_log.opening import open_log

INSTITUTION: Final = "library"

R = TypeVar("R", bound="_LogRecorder")


class _LogRecorder:
    """What all recorders stand on."""

    def __init__(self, scope: LibraryScope) -> None:
        super().__init__()
        self._scope = scope


class _SelectingRecorder(_LogRecorder):
    """Returns the events of originators, whose versions are contiguous from 0 or from 1."""

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of an originator in order of version, or the other way round."""
        with as_library_errors():
            return self._scope.events(originator_id, gt, lte, limit, desc=desc)


class LogAggregateRecorder(_SelectingRecorder, AggregateRecorder):
    """Stores the events of originators."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> None:
        """Store events atomically.

        Raises:
            IntegrityError: a version is taken, or not the next one of its originator.
            DataError: an id, topic or state that no log stores (`services/event_log/bounds.py`).
            NotSupportedError: the events of an originator don't stand together.
        """
        with as_library_errors():
            self._scope.append(stored_events)


class LogApplicationRecorder(_SelectingRecorder, ApplicationRecorder):
    """Numbers the events of all originators: the id of a notification is its position in the log."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **_: Any,  # noqa: ANN401 - what an application saves with its events, and process recorders name
    ) -> Sequence[int]:
        """Store events as the aggregate recorder does, and return their positions."""
        with as_library_errors():
            return self._scope.append(stored_events)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return at most `limit` notifications from `start` to `stop`; one with a topic is looked for, not indexed."""
        after = 0 if start is None else max(start - inclusive_of_start, 0)
        with as_library_errors():
            return self._scope.notifications(after, limit, stop, topics)

    def max_notification_id(self) -> int | None:
        """Return the last position that a notification has, or None."""
        with as_library_errors():
            return self._scope.last_event()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        """Return the notifications after `gt`, and then each as it is recorded, whichever process records it."""
        return LogSubscription(self, self._scope, gt, topics)


class LogTrackingRecorder(_LogRecorder, TrackingRecorder):
    """Remembers, in the log itself, up to which notification of an application something has been processed."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Remember a notification as processed, or raise IntegrityError where it or a later one was before."""
        with as_library_errors():
            self._scope.append((), tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the last notification of an application that was processed, or None."""
        with as_library_errors():
            return self._scope.last_tracked(application_name)


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Stores events together with the notification that they come from."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, tracking: Tracking | None = None, **_: object
    ) -> Sequence[int]:
        """Store both or neither; errors as in the other recorders."""
        with as_library_errors():
            return self._scope.append(stored_events, tracking)


class LogFactory(InfrastructureFactory[LogTrackingRecorder]):
    """Gives an application its recorders on the log of `LIBRARY_DATABASE_URL`, in the scope of `LIBRARY_SCOPE`.

    The URL is one of `open_log`, of a database prepared with `migrate`. As with all its variables, the library first
    looks for the name with that of the application before it: `CARTS_LIBRARY_SCOPE`.

    Raises:
        OSError: there is no URL (the error that the library's own factories raise).
    """

    DATABASE_URL = "LIBRARY_DATABASE_URL"
    SCOPE = "LIBRARY_SCOPE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.DATABASE_URL)
        if not url:
            raise OSError(f"not set: {' or '.join(self.env.create_keys(self.DATABASE_URL))}")
        scope = self.env.get(self.SCOPE)
        institution = f"{INSTITUTION}/{scope}" if scope else INSTITUTION
        log = open_log(url)
        self._scope = LibraryScope(log, institution, SystemClock())
        # The runners of the library drop the factory of a view while the view is in use, and close neither.
        weakref.finalize(self._scope, log.close)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Return a recorder on the log for events, and one in memory for snapshots, which are no facts."""
        return LogAggregateRecorder(self._scope) if purpose == "events" else POPOAggregateRecorder()

    def application_recorder(self) -> LogApplicationRecorder:
        """Return a recorder of the class that APPLICATION_RECORDER_TOPIC names, or of ours."""
        return self._chosen(self.APPLICATION_RECORDER_TOPIC, LogApplicationRecorder)(self._scope)

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> LogTrackingRecorder:
        """Return a recorder of the class given, or that TRACKING_RECORDER_TOPIC names, or of ours."""
        chosen = tracking_recorder_class or self._chosen(self.TRACKING_RECORDER_TOPIC, LogTrackingRecorder)
        return chosen(self._scope)

    def process_recorder(self) -> LogProcessRecorder:
        """Return a recorder of the class that PROCESS_RECORDER_TOPIC names, or of ours."""
        return self._chosen(self.PROCESS_RECORDER_TOPIC, LogProcessRecorder)(self._scope)

    def close(self) -> None:
        """Close the log; idempotent."""
        self._scope.close()

    def _chosen(self, key: str, ours: type[R]) -> type[R]:
        topic = self.env.get(key)
        chosen = resolve_topic(topic) if topic else ours
        if not (isinstance(chosen, type) and issubclass(chosen, ours)):
            raise TypeError(f"{key}: {topic} is not a {ours.__qualname__}")
        return chosen
