"""The clock that stands still for tests, that of the machine, and the day it is somewhere."""

from datetime import UTC, date, datetime

import pytest

from services.clock import SystemClock, VirtualClock, local_day


class TestClocks:
    def test_a_virtual_clock_stands_still_and_never_goes_back(self) -> None:
        noon = datetime(2024, 1, 2, 12, tzinfo=UTC)
        clock = VirtualClock(noon)

        assert clock.now() == clock.now() == noon
        clock.set(noon)
        with pytest.raises(ValueError, match="does not go back"):
            clock.set(datetime(2024, 1, 2, 11, 59, tzinfo=UTC))
        assert clock.now() == noon

    def test_the_clock_of_the_machine_tells_aware_utc(self) -> None:
        assert SystemClock().now().tzinfo is UTC

    @pytest.mark.parametrize(("zone", "midnight"), [("Asia/Jakarta", 17), ("Asia/Makassar", 16), ("Asia/Jayapura", 15)])
    def test_a_day_begins_at_midnight_there(self, zone: str, midnight: int) -> None:
        assert local_day(datetime(2024, 2, 28, midnight - 1, 59, 59, tzinfo=UTC), zone) == date(2024, 2, 28)
        assert local_day(datetime(2024, 2, 28, midnight, tzinfo=UTC), zone) == date(2024, 2, 29)
