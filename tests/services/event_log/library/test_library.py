"""What the library's contracts don't ask of the adapter: versions from 0 and 1, names, tracking and following."""

from collections.abc import Callable
from threading import Thread
from uuid import UUID

import psycopg
import pytest
from eventsourcing.persistence import (
    DataError,
    InfrastructureFactory,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    OperationalError,
    StoredEvent,
    Tracking,
)
from eventsourcing.utils import Environment

from services.clock import SystemClock
from services.event_log.connections import LogClosedError
from services.event_log.contract import EventLog
from services.event_log.library import LogApplicationRecorder, LogFactory, LogProcessRecorder, LogTrackingRecorder
from services.event_log.library_errors import as_library_errors
from services.event_log.library_scope import PAGE, LibraryScope
from services.event_log.library_streams import originator_of
from services.event_log.verification import verify_entries
from services.event_log.writer_lock import LogInUseError
from tests.services.event_log.library.stores import FACTORY

CART = UUID("1b4e28ba-2fa1-41d2-883f-0016d3cca427")
SCOPE = "library/carts"


@pytest.fixture
def recorder(log: EventLog) -> LogProcessRecorder:
    return LogProcessRecorder(LibraryScope(log, SCOPE, SystemClock()))


def stored(originator_id: UUID | str, *versions: int, topic: str = "cart.v1") -> list[StoredEvent]:
    return [StoredEvent(originator_id, version, topic, b"%d" % version) for version in versions]


def versions(events: list[StoredEvent]) -> list[int]:
    return [event.originator_version for event in events]


@pytest.mark.parametrize("originator", [CART, "cart/7"])
@pytest.mark.parametrize("first", [0, 1])
def test_originators_count_from_nought_or_one(recorder: LogProcessRecorder, originator: UUID | str, first: int) -> None:
    begun, continued = stored(originator, first), stored(originator, first + 1, first + 2)

    recorder.insert_events(begun)
    recorder.insert_events(continued)

    assert recorder.select_events(originator) == begun + continued
    assert [n.originator_id for n in recorder.select_notifications(1, 9)] == [originator] * 3
    for taken in (0, 1, first + 2, first + 4):
        with pytest.raises(IntegrityError):
            recorder.insert_events(stored(originator, taken))
    assert recorder.max_notification_id() == 3


def test_a_text_that_looks_like_an_id_is_another_originator(recorder: LogProcessRecorder) -> None:
    recorder.insert_events(stored(CART, 1))
    recorder.insert_events(stored(str(CART), 1))
    assert recorder.select_events(CART) == stored(CART, 1)
    assert recorder.select_events(str(CART)) == stored(str(CART), 1)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("limit", [None, 0, 1, 3, 99])
def test_any_window_of_versions_can_be_selected(
    recorder: LogProcessRecorder, first: int, limit: int | None, *, desc: bool
) -> None:
    count = 11
    recorder.insert_events(stored(CART, *range(first, first + count)))
    for gt in (None, -5, 0, 4, 10, 99):
        for lte in (None, -1, 0, 4, 7, 99):
            expected = [
                version
                for version in range(first, first + count)
                if (gt is None or version > gt) and (lte is None or version <= lte)
            ]
            expected = (expected[::-1] if desc else expected)[:limit]
            selected = recorder.select_events(CART, gt=gt, lte=lte, desc=desc, limit=limit)
            assert versions(list(selected)) == expected, (gt, lte)


def test_versions_that_skip_or_repeat_are_refused_before_the_log_is_asked(recorder: LogProcessRecorder) -> None:
    for wrong in ((1, 3), (1, 1), (2, 1), (-1,)):
        with pytest.raises(IntegrityError, match="follow one another"):
            recorder.insert_events(stored(CART, *wrong))


def test_events_of_one_originator_must_stand_together(recorder: LogProcessRecorder) -> None:
    with pytest.raises(NotSupportedError):
        recorder.insert_events(stored("a", 1) + stored("b", 1) + stored("a", 2))
    assert recorder.insert_events(stored("a", 1, 2) + stored("b", 0, 1)) == [1, 2, 3, 4]


def test_what_no_log_stores_is_a_data_error(recorder: LogProcessRecorder) -> None:
    with pytest.raises(DataError):
        recorder.insert_events(stored("a", 1, topic=""))
    with pytest.raises(DataError):
        recorder.insert_events(stored("a\x00", 1))
    with pytest.raises(DataError):
        recorder.select_events("a\x00")


def test_tracked_notifications_are_entries_that_nobody_is_told_of(recorder: LogProcessRecorder, log: EventLog) -> None:
    assert recorder.insert_events(stored("a", 1), tracking=Tracking("upstream", 5)) == [2]
    recorder.insert_tracking(Tracking("upstream", 9))
    for notification_id in (1, 2, 3):
        recorder.insert_tracking(Tracking("other", notification_id))

    assert [n.id for n in recorder.select_notifications(1, 9)] == [2]
    assert recorder.max_notification_id() == 2
    assert (recorder.max_tracking_id("upstream"), recorder.max_tracking_id("other")) == (9, 3)
    assert log.head(SCOPE) == 6
    assert verify_entries(log, SCOPE) is None


def test_a_scope_with_tracking_alone_has_no_notification(recorder: LogProcessRecorder) -> None:
    recorder.insert_tracking(Tracking("upstream", 1))
    assert recorder.max_notification_id() is None
    assert recorder.select_notifications(None, 9) == []


def test_a_second_follower_sees_what_the_first_tracked(recorder: LogProcessRecorder, log: EventLog) -> None:
    second = LogProcessRecorder(LibraryScope(log, SCOPE, SystemClock()))
    for notification_id in (2, 4, 6, 8, 10):
        recorder.insert_tracking(Tracking("upstream", notification_id))
    assert second.max_tracking_id("upstream") == 10
    second.insert_tracking(Tracking("upstream", 11))
    with pytest.raises(IntegrityError):
        recorder.insert_events(stored("a", 1), tracking=Tracking("upstream", 11))
    assert recorder.select_events("a") == []


def test_many_who_track_at_once_never_go_back(recorder: LogProcessRecorder, log: EventLog) -> None:
    def track(own: LogProcessRecorder, start: int) -> None:
        for notification_id in range(start, 40, 4):
            try:
                own.insert_tracking(Tracking("upstream", notification_id))
            except IntegrityError:
                continue

    others = [LogProcessRecorder(LibraryScope(log, SCOPE, SystemClock())) for _ in range(4)]
    threads = [Thread(target=track, args=(own, start)) for start, own in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    tracked = [int(entry.state) for entry in log.read_stream(SCOPE, "tracking/upstream")]
    assert tracked == sorted(set(tracked))
    assert recorder.max_tracking_id("upstream") == 39


def test_a_topic_is_found_beyond_the_first_page(recorder: LogProcessRecorder) -> None:
    recorder.insert_events(stored("a", *range(1, PAGE + 2)))
    recorder.insert_events(stored("b", 1, topic="rare"))
    assert [n.id for n in recorder.select_notifications(None, 5, topics=["rare"])] == [PAGE + 2]
    assert len(recorder.select_notifications(None, PAGE + 50)) == PAGE + 2


def test_a_subscription_hears_of_what_another_log_object_appends(
    stored_url: str, opened: Callable[[str], EventLog]
) -> None:
    writer = LogApplicationRecorder(LibraryScope(opened(stored_url), SCOPE, SystemClock()))
    reader = LogApplicationRecorder(LibraryScope(opened(stored_url), SCOPE, SystemClock()))
    writer.insert_events(stored("a", *range(1, PAGE + 11), topic="often"))
    with reader.subscribe(gt=PAGE, topics=["rare"]) as subscription:
        writer.insert_events(stored("b", 1, topic="rare"))
        assert next(subscription).originator_id == "b"
        waiting = Thread(target=lambda: writer.insert_events(stored("b", 2, topic="rare")))
        waiting.start()
        assert next(subscription).originator_version == 2
        waiting.join()


def test_an_entry_that_the_library_did_not_write_is_not_told_of_as_its_own() -> None:
    with pytest.raises(ValueError, match="not a stream of the library"):
        originator_of("agreement/dinkes/2024")


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (LogClosedError(), InterfaceError),
        (LogInUseError("in use"), OperationalError),
        (psycopg.errors.AdminShutdown("gone"), OperationalError),
        (ValueError("too long"), DataError),
    ],
)
def test_errors_come_in_the_words_of_the_library(raised: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected), as_library_errors():
        raise raised


def factory_of_a_shop(env: dict[str, str]) -> InfrastructureFactory[LogTrackingRecorder]:
    return InfrastructureFactory[LogTrackingRecorder].construct(
        Environment("Shop", {"PERSISTENCE_MODULE": FACTORY, **env})
    )


def test_a_factory_needs_an_address_and_finds_that_of_its_application() -> None:
    with pytest.raises(OSError, match="SHOP_LIBRARY_DATABASE_URL or LIBRARY_DATABASE_URL"):
        factory_of_a_shop({})
    with factory_of_a_shop({"SHOP_LIBRARY_DATABASE_URL": "memory:"}) as factory:
        assert isinstance(factory, LogFactory)


def test_a_factory_refuses_a_recorder_of_another_kind() -> None:
    factory = factory_of_a_shop(
        {
            "LIBRARY_DATABASE_URL": "memory:",
            "APPLICATION_RECORDER_TOPIC": "eventsourcing.popo:POPOApplicationRecorder",
        }
    )
    with pytest.raises(TypeError, match="APPLICATION_RECORDER_TOPIC"):
        factory.application_recorder()
