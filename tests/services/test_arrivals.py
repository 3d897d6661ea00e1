"""Who waits is told, and sleeps through nothing."""

import time
from threading import Timer

import pytest

from services.arrivals import Arrivals

LONG = 20.0


@pytest.mark.parametrize(("told", "arrived"), [(4, False), (5, True), (6, True)])
def test_what_was_told_before_is_known_at_once(told: int, *, arrived: bool) -> None:
    arrivals = Arrivals()
    arrivals.tell("a", told)
    assert arrivals.wait("a", 5, arrivals.mark(), LONG if arrived else 0.05) is arrived


def test_an_earlier_position_told_later_takes_nothing_back() -> None:
    arrivals = Arrivals()
    arrivals.tell("a", 5)
    arrivals.tell("a", 4)
    assert arrivals.wait("a", 5, arrivals.mark(), LONG)


def test_another_institution_is_another_matter() -> None:
    arrivals = Arrivals()
    arrivals.tell("b", 9)
    assert not arrivals.wait("a", 1, arrivals.mark(), 0.05)


def test_who_waits_is_told() -> None:
    arrivals = Arrivals()
    Timer(0.05, arrivals.tell, ("a", 1)).start()
    begun = time.monotonic()

    assert arrivals.wait("a", 1, arrivals.mark(), LONG)
    assert time.monotonic() - begun < LONG / 2


@pytest.mark.parametrize("while_looking", [True, False])
def test_what_may_have_been_missed_lets_everybody_look(*, while_looking: bool) -> None:
    arrivals = Arrivals()
    mark = arrivals.mark()
    if while_looking:
        arrivals.tell_all()
    else:
        Timer(0.05, arrivals.tell_all).start()
    begun = time.monotonic()

    assert not arrivals.wait("a", 1, mark, LONG)
    assert time.monotonic() - begun < LONG / 2
