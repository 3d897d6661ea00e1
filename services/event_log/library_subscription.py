"""Follows the log for the `eventsourcing` library: what is there, and then what comes."""

from collections import deque
from collections.abc import Sequence
from threading import Event
from typing import Final

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from services.event_log.library_errors import as_library_errors
from services.event_log.library_scope import PAGE, LibraryScope

POLL_SECONDS: Final = 0.1
"""How late a subscription learns of what another process appended; it is woken for its own."""


class LogSubscription(Subscription[ApplicationRecorder]):
    """Reads in the thread that iterates; `stop` may come from another one."""

    def __init__(
        self, recorder: ApplicationRecorder, scope: LibraryScope, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._scope = scope
        self._after = gt or 0
        self._page: deque[Notification] = deque()
        self._woken = Event()
        scope.listen(self._woken)

    def stop(self) -> None:
        """End the iteration, also one that waits; idempotent."""
        super().stop()
        self._scope.unlisten(self._woken)
        self._woken.set()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._page:
                return self._page.popleft()
            if not self._turn_page():
                self._woken.wait(POLL_SECONDS)
        raise StopIteration

    def _turn_page(self) -> bool:
        """Read on and tell whether there was anything, also where nothing of it was asked for."""
        self._woken.clear()
        with as_library_errors():
            head = self._scope.head()
            if head <= self._after:
                return False
            page = self._scope.notifications(self._after, PAGE, head, self._topics)
        self._after = page[-1].id if len(page) == PAGE else head
        self._page.extend(page)
        return True
