"""Five fiscal years of one institution, drawn from a seed, and what every read model answered meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

import msgspec

from services.bootstrap import System, bootstrap
from services.clock import VirtualClock
from services.settings import Settings
from tests.cycle.five_years import institution_deeds, oversight_deeds, unit_deeds
from tests.cycle.five_years.cast import REORGANISATIONS, Reorganisation
from tests.cycle.five_years.moments import Held, hold
from tests.cycle.five_years.player import Player
from tests.services.office import INSTITUTION

FIRST_YEAR: Final = 2021
DEEDS: Final[tuple[tuple[Callable[[Player], None], int], ...]] = (
    (unit_deeds.agree, 12),
    (unit_deeds.amend, 4),
    (unit_deeds.put_targets_right, 3),
    (unit_deeds.measure, 40),
    (unit_deeds.reopen, 1),
    (unit_deeds.report, 10),
    (unit_deeds.ratify, 3),
    (oversight_deeds.evaluate, 8),
    (oversight_deeds.record_external, 1),
    (oversight_deeds.follow_up, 16),
    (oversight_deeds.hold, 7),
    (oversight_deeds.change_a_duty, 2),
    (institution_deeds.change_an_official, 3),
    (institution_deeds.change_a_unit, 1),
    (institution_deeds.change_a_role, 1),
    (institution_deeds.change_a_rule, 1),
    (institution_deeds.register, 1),
    (institution_deeds.trespass, 6),
)
"""What is done on a day, and how often compared with the rest."""


class Plan(NamedTuple):
    """How much is played: from which seed, how many fiscal years, and at how many random instants it is asked.

    It goes on for half a year after the last, in which that is reported and evaluated, or for `more_months`. A share
    of all working days is `quiet`: nobody does anything. A share of all questions is `asked` at each moment.
    """

    seed: int
    years: int
    instants: int
    deeds_a_day: int = 8
    more_months: int = 6
    quiet: float = 0.5
    asked: float = 1.0

    @property
    def fiscal_years(self) -> range:
        """The years that are played."""
        return range(FIRST_YEAR, FIRST_YEAR + self.years)

    @property
    def begins(self) -> datetime:
        """When the log is founded."""
        return datetime(FIRST_YEAR - 1, 11, 2, 1, tzinfo=UTC)

    @property
    def ends(self) -> date:
        """The last day."""
        return date(FIRST_YEAR + self.years, 1, 1) + timedelta(days=30 * self.more_months)

    def drawn(self) -> list[datetime]:
        """Return the instants at which it is asked, drawn before anything is played."""
        rng = Random(f"instants of {self.seed}")
        first = self.begins + timedelta(days=1)
        span = int((datetime.combine(self.ends, datetime.min.time(), UTC) - first) / timedelta(microseconds=1))
        return [first + timedelta(microseconds=rng.randrange(span)) for _ in range(self.instants)]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a play: the moments held, and what was sent and recorded, each by its name."""

    held: tuple[Held, ...]
    accepted: dict[str, int]
    refused: dict[str, int]
    repeated: int
    events: dict[str, int]


@contextmanager
def opened(url: str, at: datetime) -> Iterator[tuple[System, VirtualClock]]:
    """Open a system on a database, on a clock that stands at an instant."""
    clock = VirtualClock(at)
    system = bootstrap(Settings(database_url=url, secret="of the tests"), clock=clock)
    try:
        yield system, clock
    finally:
        system.close()


def play(url: str, plan: Plan) -> Account:
    """Play it all on an empty database."""
    held: list[Held] = []
    asking = Random(f"questions of {plan.seed}")
    with opened(url, plan.begins) as (system, clock):

        def ask(settled: bool) -> None:  # noqa: FBT001 - whether workflows have reacted to all that happened
            if settled:
                system.delivery.settle(INSTITUTION)
            else:
                system.follower.catch_up(INSTITUTION)
            held.append(hold(system, asking, plan.fiscal_years, plan.asked))

        player = Player(system, clock, plan.seed, plan.drawn(), ask)
        institution_deeds.found(player, plan.fiscal_years)
        _live(player, plan)
        player.until(datetime.combine(plan.ends, datetime.max.time(), UTC))
        player.settle()
        events = Counter(entry.topic for entry in system.log.read(INSTITUTION, limit=1_000_000))
    return Account(
        held=tuple(held),
        accepted=player.accepted,
        refused=player.refused,
        repeated=player.repeated,
        events=events,
    )


def _live(player: Player, plan: Plan) -> None:
    reorganised = _reorganisations(player, plan)
    opening = {date(year, 1, 4): year for year in plan.fiscal_years}
    deeds, weights = zip(*DEEDS, strict=True)
    day = plan.begins.date()
    while (day := day + timedelta(days=1)) < plan.ends:
        quiet = day.weekday() > 4 or player.chance(plan.quiet)
        if quiet and day not in opening and day not in reorganised:
            continue
        player.wakes(day)
        if day in opening:
            institution_deeds.open_year(player, opening[day])
        if day in reorganised:
            institution_deeds.reorganise(player, reorganised[day])
        for deed in player.rng.choices(deeds, weights, k=player.rng.randint(0, 2 * plan.deeds_a_day)):
            deed(player)
            if player.chance(0.5):
                player.settle()


def _reorganisations(player: Player, plan: Plan) -> dict[date, Reorganisation]:
    """Spread the reorganisations over the years, each on a day of its own."""
    first = date(FIRST_YEAR, 3, 1)
    stretch = (plan.ends - first).days // len(REORGANISATIONS)
    days = (first + timedelta(days=n * stretch + player.rng.randrange(stretch)) for n in range(len(REORGANISATIONS)))
    return dict(zip(days, REORGANISATIONS, strict=True))
