"""Outputs of workflows: sent as often as they are meant, however often the runner dies in between."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import pytest

from domain.actor import Role
from domain.agreement.commands import OpenAgreement
from domain.errors import StageAlreadyOpen
from domain.event import Origin, RecordedEvent
from domain.organisation.commands import DissolveUnit, EstablishUnit, OpenFiscalYear
from domain.organisation.events import UnitRenamed
from services import workflow_runner
from services.identity import new_command_id
from services.queries.dead_letters import DeadLetter, dead_letters
from tests.services.office import HOLD, INSTITUTION, UNIT, Office, by_system, office, open_year, sign
from workflows.workflow import Send, Workflow

AnyEvent: TypeAlias = RecordedEvent[Any]


class Died(BaseException):
    """What no part of the program catches: the process is gone."""


@contextmanager
def dying_all_the_time() -> Iterator[set[object]]:
    """Let the runner die once after each output, and once before it writes down each position that it has sent for."""
    died: set[object] = set()
    runner = workflow_runner.WorkflowRunner
    send, advance = runner._send, runner._advance

    def die_once(place: object) -> None:
        if place not in died:
            died.add(place)
            raise Died

    def send_and_die(self: workflow_runner.WorkflowRunner, workflow: Workflow, event: AnyEvent, output: Send) -> None:
        send(self, workflow, event, output)
        die_once((event.position, workflow.name, output.name, output.subject))

    def die_and_advance(self: workflow_runner.WorkflowRunner, institution: str, position: int) -> None:
        die_once(position)
        advance(self, institution, position)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "_send", send_and_die)
        patch.setattr(runner, "_advance", die_and_advance)
        yield died


def live_a_year(opened: Office, deliver: Callable[[], object]) -> None:
    """Open the year, sign, and measure a quarter, with what follows from each delivered by `deliver`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "settle", deliver)
        open_year(opened)
        sign(opened)


def letters(opened: Office) -> list[DeadLetter]:
    """Return the dead letters of the regency."""
    return list(dead_letters(opened.system.engine, INSTITUTION, opened.head))


def never(_state: object, _event: AnyEvent) -> None:
    """Keep no state."""


def on_rename(*outputs: Send) -> Workflow:
    """Return a workflow that sends its outputs whenever a unit is renamed."""
    react: Callable[[Any, AnyEvent], Sequence[Send]] = lambda _state, _event: outputs  # noqa: E731
    return Workflow("on_rename", (UnitRenamed,), lambda _event: None, None, never, react)


@contextmanager
def workflows(*instead: Workflow) -> Iterator[None]:
    """Let these be all the workflows there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow_runner, "WORKFLOWS", instead)
        yield


class TestCrashes:
    def test_a_death_after_each_output_repeats_ids_and_changes_nothing(self, shared_url: str) -> None:
        with office() as undisturbed:
            live_a_year(undisturbed, undisturbed.settle)
            told, positions = undisturbed.told(), undisturbed.head

        with office(shared_url) as opened, dying_all_the_time() as died:
            live_a_year(opened, lambda: _restarted_until_done(opened))
            ids = Counter(
                (entry.command_id, entry.index) for entry in opened.system.log.read(INSTITUTION, limit=10_000)
            )

            assert len(died) > 40
            assert opened.told() == told
            assert opened.head == positions
            assert set(ids.values()) == {1}
            assert letters(opened) == []

    def test_ids_drawn_anew_would_be_found_out(self) -> None:
        """The control: without ids derived from the cause, the repetition leaves traces."""
        with office() as undisturbed:
            live_a_year(undisturbed, undisturbed.settle)
            told = undisturbed.told()

        with office() as opened, dying_all_the_time(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(workflow_runner, "derived_command_id", lambda *_cause: new_command_id())
            live_a_year(opened, lambda: _restarted_until_done(opened))

            assert letters(opened) != [] or opened.told() != told

    def test_a_new_process_goes_on_where_the_last_one_stood(self, file_url: str) -> None:
        with office(file_url) as before:
            open_year(before)
            told, position = before.told(), before.system.runner.position(INSTITUTION)
        with office(file_url, founded=False) as after:
            assert position == after.head
            assert after.system.runner.catch_up(INSTITUTION) == position
            assert after.told() == told

    def test_two_runners_side_by_side_send_everything_once(self, file_url: str) -> None:
        """As two workers do: the second one reads the same log and sends under the same ids."""
        with office(file_url) as opened:
            opened.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
            system = opened.system
            second = workflow_runner.WorkflowRunner(
                log=system.log, codec=system.codec, handler=system.handler, engine=system.engine, clock=system.clock
            )
            advance = system.runner._advance

            def overtaken(institution: str, position: int) -> None:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(system.runner, "_advance", advance)
                    second.catch_up(institution)
                advance(institution, position)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(system.runner, "_advance", overtaken)
                system.runner.catch_up(INSTITUTION)

            with office() as alone:
                alone.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
                alone.system.runner.catch_up(INSTITUTION)
                assert opened.told() == alone.told()
            assert letters(opened) == []
            assert system.runner.position(INSTITUTION) == opened.head

    def test_a_slower_runner_never_sets_the_position_back(self, regency: Office) -> None:
        open_year(regency)
        position = regency.system.runner.position(INSTITUTION)

        regency.system.runner._advance(INSTITUTION, position - 10)

        assert regency.system.runner.position(INSTITUTION) == position


class TestRefusedOutputs:
    REFUSED = Send(OpenFiscalYear(fiscal_year=2024))
    NEXT = Send(OpenAgreement(unit="dinkes", fiscal_year=2023))

    def test_a_refused_output_becomes_one_dead_letter_and_the_rest_goes_on(self, regency: Office) -> None:
        regency.settle()
        cause = regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan").position

        with workflows(on_rename(self.REFUSED, self.NEXT), on_rename(self.REFUSED)), dying_all_the_time():
            _restarted_until_done(regency)

        (letter,) = letters(regency)
        assert (letter.source, letter.position, letter.subject) == ("on_rename", cause, "organisation")
        assert (letter.command, letter.code) == ("organisation.open_fiscal_year", "role_missing")
        assert "kewenangan" in letter.reason
        assert letter.at.replace(tzinfo=None) == regency.clock.now().replace(tzinfo=None)
        assert regency.types("agreement/dinkes/2023") == ["agreement.opened.v1"]
        assert regency.system.runner.position(INSTITUTION) == regency.head

    def test_a_tolerated_refusal_leaves_nothing_to_mend(self, regency: Office) -> None:
        tolerant = Send(OpenAgreement(unit="dinkes", fiscal_year=2023), tolerates=(StageAlreadyOpen,))
        regency.settle()
        with workflows(on_rename(self.NEXT), on_rename(tolerant)._replace(name="tolerant")):
            regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
            regency.settle()

        assert letters(regency) == []
        assert regency.types("agreement/dinkes/2023") == ["agreement.opened.v1"]

    def test_a_fault_of_ours_in_one_output_stops_no_other(self, regency: Office) -> None:
        regency.settle()
        decide = regency.system.handler._attempt

        def fail(asked: Any) -> Any:  # noqa: ANN401 - as the handler's own
            if isinstance(asked.sealed.command, DissolveUnit | EstablishUnit):
                raise KeyError("a rulebook that is not at hand")
            return decide(asked)

        with workflows(on_rename(Send(DissolveUnit(unit="disdik")), self.NEXT)), pytest.MonkeyPatch.context() as patch:
            patch.setattr(regency.system.handler, "_attempt", fail)
            regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
            regency.settle()

        assert [(letter.command, letter.code) for letter in letters(regency)] == [
            ("organisation.dissolve_unit", "internal")
        ]
        assert regency.types("agreement/dinkes/2023") == ["agreement.opened.v1"]


class TestEnvelopes:
    def test_an_output_names_its_cause_and_its_workflow(self, regency: Office) -> None:
        cause = regency.does("plan", "organisation.open_fiscal_year", fiscal_year=2024).position
        regency.settle()
        (duty, _due) = regency.system.log.read_stream(INSTITUTION, "obligation/2024.dinkes.report")

        assert (duty.causation, duty.actor_id, duty.actor_role) == (cause, "system:year_to_agreement", "workflow")
        assert duty.origin == "live"

    def test_what_follows_from_history_is_history(self, regency: Office) -> None:
        regency.system.handler.handle(
            by_system(Role.IMPORTER, "organisation.open_fiscal_year", origin=Origin.HISTORY, fiscal_year=2023)
        )
        regency.does("plan", "organisation.open_fiscal_year", fiscal_year=2024)
        regency.settle()

        entries = regency.system.log.read(INSTITUTION, limit=10_000)
        assert {entry.origin for entry in entries if entry.fiscal_year == 2023} == {"history"}
        assert {entry.origin for entry in entries if entry.fiscal_year == 2024} == {"live"}


class TestMergers:
    """One merger after another, with a duty, a hold and a share in another unit's recommendation to pass on."""

    LINE = (("baru", "2024-06-03"), ("lebih", "2024-07-01"), ("akhir", "2024-08-01"))
    OWED = ("obligation/2024.dinkes.report", f"hold/{HOLD}", "recommendation/2023.disdik.r1")

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_each_merger_passes_everything_on_once(self, regency: Office, count: int) -> None:
        _owing(regency)
        for unit, successor, day in _mergers(regency, count):
            regency.on(day)
            regency.does("admin", "organisation.dissolve_unit", unit=unit, successors=[successor], effective_on=day)
            regency.settle()

        assert [_transferred(regency, stream) for stream in self.OWED] == _expected(count)
        assert letters(regency) == []

    @pytest.mark.parametrize("count", [2, 3])
    def test_mergers_recorded_at_once_come_to_the_same_unit_whenever_the_runner_dies(
        self, regency: Office, count: int
    ) -> None:
        _owing(regency)
        for unit, successor, day in _mergers(regency, count):
            regency.on(day)
            regency.does("admin", "organisation.dissolve_unit", unit=unit, successors=[successor], effective_on=day)
        with dying_all_the_time():
            _restarted_until_done(regency)

        assert [_transferred(regency, stream) for stream in self.OWED] == _expected(count)
        assert letters(regency) == []

    def test_a_merger_entered_after_the_later_one_comes_to_the_same_unit(self, regency: Office) -> None:
        _owing(regency)
        for unit, successor, day in reversed(_mergers(regency, 3)):
            regency.on(self.LINE[-1][1])
            regency.does("admin", "organisation.dissolve_unit", unit=unit, successors=[successor], effective_on=day)
            regency.settle()

        assert [_transferred(regency, stream) for stream in self.OWED] == [["akhir"], ["akhir"], [("disdik", "akhir")]]
        assert letters(regency) == []


def _owing(opened: Office) -> None:
    """Let dinkes owe its report, a hold be proposed against it, and it own a recommendation to disdik with it."""
    open_year(opened)
    opened.lives_through("2024-02-12")
    recommendation: dict[str, Any] = {
        "recommendation": "2023.disdik.r1",
        "issuer": "Inspektorat",
        "text": "Selaraskan sasaran",
        "owners": ["disdik", "dinkes"],
        "received_on": "2024-02-12",
    }
    opened.system.handler.handle(by_system(Role.WORKFLOW, "follow_up.open", **recommendation))
    opened.settle()


def _mergers(opened: Office, count: int) -> list[tuple[str, str, str]]:
    """Establish the units of the line; return which unit is merged into which one, and when."""
    line = TestMergers.LINE[:count]
    for unit, _ in line:
        opened.does("admin", "organisation.establish_unit", unit=unit, name=unit.title(), effective_on="2024-02-12")
    ending = (UNIT, *(unit for unit, _ in line))
    return [(unit, successor, day) for unit, (successor, day) in zip(ending, line, strict=False)]


def _expected(count: int) -> list[list[object]]:
    """Return to whom each of what dinkes owed is transferred in a line of mergers, one after the other."""
    line = [unit for unit, _ in TestMergers.LINE[:count]]
    return [[*line], [*line], [("disdik", unit) for unit in line]]


def _transferred(opened: Office, stream: str) -> list[object]:
    """Return to whom a duty, hold or recommendation was transferred, one after the other."""
    entries = opened.system.log.read_stream(INSTITUTION, stream)
    bodies: list[Any] = [opened.system.codec.decode(each).body for each in entries if ".transferred." in each.topic]
    return [body.owners if stream.startswith("recommendation/") else body.unit for body in bodies]


def _restarted_until_done(opened: Office) -> None:
    """Start the runner again, forgetful, until it gets through."""
    while True:
        with suppress(Died):
            opened.system.runner._folds.clear()
            opened.system.runner.catch_up(INSTITUTION)
            return
