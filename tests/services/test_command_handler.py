"""A command is carried out once, on what was true when it was appended, or it leaves no trace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from domain.actor import Actor, Role
from domain.agreement.refusals import AgreementAlreadySigned
from domain.errors import CommitmentUnknown, InstitutionUnknown, RoleMissing, StageNotOpenYet
from domain.organisation.refusals import UnitAlreadyEstablished
from services.command_handler import ATTEMPTS, Receipt, StaleVersion
from services.event_log.contract import Appended, Batch, CommandReusedError, EventLog, StreamConflictError
from tests.services.at_once import at_once
from tests.services.office import (
    AGREEMENT,
    INSTITUTION,
    Office,
    by_system,
    commitment,
    expecting,
    number,
    office,
    open_year,
    paper,
    realisation,
    request,
    sign,
)

NAME: dict[str, Any] = {"unit": "dinkes", "name": "Dinas Kesehatan"}


class Interruption:
    """Lets something happen between the decision of a command and each of its first appends."""

    def __init__(self, append: Callable[[Batch], Appended], happening: Callable[[], object], times: int) -> None:
        self.attempts = 0
        self._append = append
        self._happening = happening
        self._times = times
        self._happens = False

    def __call__(self, batch: Batch) -> Appended:
        if not self._happens:  # what happens meanwhile appends too, and is not itself interrupted
            self.attempts += 1
            self._happens = self.attempts <= self._times
            if self._happens:
                self._happening()
                self._happens = False
        return self._append(batch)


@contextmanager
def interrupted(log: EventLog, happening: Callable[[], object], times: int = 1) -> Iterator[Interruption]:
    """Let something happen just before the first appends of one command."""
    interruption = Interruption(log.append, happening, times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "append", interruption)
        yield interruption


class TestIdempotency:
    def test_the_same_command_again_returns_the_first_result(self, stored: Office) -> None:
        asked = {"unit": "bkad", "name": "BKAD"}
        first = stored.system.handler.handle(request("admin", "organisation.establish_unit", id_="key-1", **asked))
        stored.does("admin", "organisation.rename_unit", **NAME)
        again = stored.system.handler.handle(request("admin", "organisation.establish_unit", id_="key-1", **asked))

        assert again == msgspec.structs.replace(first, repeated=True)
        assert again.events == ("unit.established.v1",)
        assert stored.head == first.position + 1

    def test_the_first_result_is_found_by_another_process(self, file_url: str) -> None:
        with office(file_url) as before:
            first = before.system.handler.handle(request("admin", "organisation.rename_unit", id_="key-1", **NAME))
        with office(file_url, founded=False) as after:
            again = after.system.handler.handle(request("admin", "organisation.rename_unit", id_="key-1", **NAME))

        assert (again.position, again.version, again.repeated) == (first.position, first.version, True)

    def test_texts_are_salted_anew_and_the_command_is_still_the_same(self, regency: Office) -> None:
        asked = [request("admin", "organisation.register_person", id_="key-1", person="x", name="X") for _ in "12"]
        receipts = [regency.system.handler.handle(each) for each in asked]

        assert asked[0].sealed.sealed[0].digest != asked[1].sealed.sealed[0].digest
        assert [receipt.repeated for receipt in receipts] == [False, True]

    @pytest.mark.parametrize(
        ("person", "name"), [("admin", "Dinas Lain"), ("kabag", "Dinas Kesehatan")], ids=["other", "another person's"]
    )
    def test_the_id_of_another_command_is_refused(self, regency: Office, person: str, name: str) -> None:
        regency.system.handler.handle(request("admin", "organisation.rename_unit", id_="key-1", **NAME))
        head = regency.head

        with pytest.raises(CommandReusedError):
            regency.system.handler.handle(
                request(person, "organisation.rename_unit", id_="key-1", unit="dinkes", name=name)
            )

        assert regency.head == head

    def test_two_at_once_under_one_id_both_get_the_first_result(self, regency: Office) -> None:
        """The second is decided when the first is in the log already: it would be refused, were it another command."""
        asked = request("admin", "organisation.establish_unit", id_="key-1", unit="bkad", name="BKAD")
        handler, log = regency.system.handler, regency.system.log
        first: list[Receipt] = []
        looks = iter([lambda: first.append(handler.handle(asked))])
        repeated = log.repeated

        def look(*what: Any) -> Appended | None:  # noqa: ANN401 - what the log is asked
            found = repeated(*what)
            next(looks, lambda: None)()
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(log, "repeated", look)
            second = handler.handle(asked)

        assert second == msgspec.structs.replace(first[0], repeated=True)

    def test_two_at_once_that_saw_the_same_version_both_get_the_first_result(self, regency: Office) -> None:
        handler = regency.system.handler
        version = handler.institution(INSTITUTION).version
        asked = expecting(version, request("admin", "organisation.rename_unit", id_="key-1", **NAME))
        head = regency.head

        with interrupted(regency.system.log, lambda: handler.handle(asked)):
            second = handler.handle(asked)

        assert (second.version, second.repeated, regency.head) == (version + 1, True, head + 1)

    def test_nothing_to_do_is_a_result_too_and_stores_nothing(self, regency: Office) -> None:
        open_year(regency)
        sign(regency)
        head, told = regency.head, list[int]()
        regency.system.handler.on_append(lambda _institution, position: told.append(position))

        receipt = regency.system.handler.handle(
            by_system(Role.TIMEKEEPER, "obligation.mark_overdue", obligation="2024.dinkes.agreement")
        )

        assert (receipt.events, receipt.position, regency.head, told) == ((), head, head, [])


class TestWhatADecisionReliesOn:
    def test_a_change_of_the_organisation_in_between_decides_again(self, regency: Office) -> None:
        open_year(regency)
        rename = request("admin", "organisation.rename_unit", **NAME)

        with interrupted(regency.system.log, lambda: regency.system.handler.handle(rename)) as interruption:
            receipt = regency.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])

        assert interruption.attempts == 2
        assert receipt.position == regency.head
        assert regency.types("agreement/dinkes/2024") == ["agreement.opened.v1", "agreement.proposed.v1"]

    def test_who_loses_the_role_in_between_is_refused(self, regency: Office) -> None:
        open_year(regency)
        revoke = request("admin", "organisation.revoke_role", person="op", role="unit_operator", unit="dinkes")
        head = regency.head

        with (
            interrupted(regency.system.log, lambda: regency.system.handler.handle(revoke)),
            pytest.raises(RoleMissing),
        ):
            regency.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])

        assert regency.head == head + 1
        assert regency.types("agreement/dinkes/2024") == ["agreement.opened.v1"]

    def test_a_change_of_another_stage_in_between_decides_again(self, regency: Office) -> None:
        open_year(regency)
        sign(regency)
        regency.on("2024-04-02")
        change = {"commitment": "aki", "target": {"year": number("80")}, "effective_on": "2024-04-02"}
        amend = request(
            "kadin",
            "agreement.amend",
            **AGREEMENT,
            trigger="strategy_changed",
            reason="Bergeser",
            paper=paper(file="a"),
            changes=[change],
        )

        with interrupted(regency.system.log, lambda: regency.system.handler.handle(amend)) as interruption:
            regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "95"))

        assert interruption.attempts == 2
        assert regency.types("measurement/dinkes/2024")[1:] == ["measurement.realisation_recorded.v1"]

    def test_a_command_that_others_always_outrun_gives_up_without_a_trace(self, regency: Office) -> None:
        names = iter(range(100))

        def rename() -> None:
            regency.does("admin", "organisation.rename_unit", unit="setda", name=f"Setda {next(names)}")

        with (
            interrupted(regency.system.log, rename, times=ATTEMPTS),
            pytest.raises(StreamConflictError),
        ):
            regency.does("admin", "organisation.rename_unit", **NAME)

        assert next(names) == ATTEMPTS
        assert regency.system.handler.institution(INSTITUTION).units["dinkes"].name.at(regency.clock.now().date()) == (
            "Dinkes"
        )


class TestWhatAClientSaw:
    def test_another_version_than_the_client_saw_is_refused(self, regency: Office) -> None:
        version = regency.system.handler.institution(INSTITUTION).version
        asked = request("admin", "organisation.rename_unit", **NAME)
        head = regency.head

        with pytest.raises(StaleVersion) as refused:
            regency.system.handler.handle(expecting(version - 1, asked))

        assert (refused.value.expected, refused.value.actual, regency.head) == (version - 1, version, head)
        assert regency.system.handler.handle(expecting(version, asked)).version == version + 1

    def test_a_change_between_is_not_decided_over(self, regency: Office) -> None:
        version = regency.system.handler.institution(INSTITUTION).version
        asked = expecting(version, request("admin", "organisation.rename_unit", **NAME))

        def rename() -> None:
            regency.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Lain")

        with interrupted(regency.system.log, rename), pytest.raises(StaleVersion):
            regency.system.handler.handle(asked)

        assert regency.types("organisation")[-1] == "unit.renamed.v1"
        assert regency.system.handler.institution(INSTITUTION).version == version + 1


class TestRefusals:
    def test_a_refused_command_leaves_the_log_as_it_was(self, stored: Office) -> None:
        before = (stored.head, stored.told())

        with pytest.raises(UnitAlreadyEstablished):
            stored.does("admin", "organisation.establish_unit", unit="dinkes", name="Lagi")
        with pytest.raises(StageNotOpenYet):
            stored.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])

        assert (stored.head, stored.told()) == before

    def test_a_refused_id_may_be_used_again(self, regency: Office) -> None:
        asked = request("op", "agreement.propose", id_="key-1", **AGREEMENT, commitments=[commitment()])
        with pytest.raises(StageNotOpenYet):
            regency.system.handler.handle(asked)
        open_year(regency)

        assert regency.system.handler.handle(asked).repeated is False

    def test_what_was_refused_does_not_stay_in_the_kept_folds(self, regency: Office) -> None:
        open_year(regency)
        sign(regency)
        regency.on("2024-04-02")
        other = {**realisation(1, "95"), "commitment": "lain"}
        with pytest.raises(CommitmentUnknown):
            regency.does("op", "measurement.record", **AGREEMENT, realisation=other)

        assert regency.does("op", "measurement.record", **AGREEMENT, realisation=realisation(1, "95")).version == 2

    def test_listeners_hear_of_what_was_appended_and_of_nothing_else(self, regency: Office) -> None:
        told: list[tuple[str, int]] = []
        regency.system.handler.on_append(lambda *what: told.append(what))
        with pytest.raises(UnitAlreadyEstablished):
            regency.does("admin", "organisation.establish_unit", unit="dinkes", name="Lagi")
        for _ in range(2):
            regency.system.handler.handle(request("admin", "organisation.rename_unit", id_="key-1", **NAME))

        assert told == [(INSTITUTION, regency.head)]

    def test_a_listener_that_fails_refuses_nothing_and_silences_no_other(self, regency: Office) -> None:
        """What was appended stays appended: whoever sent it must not hear that it failed."""

        def fail(_institution: str, _position: int) -> None:
            raise OSError("the queue is away")

        told: list[int] = []
        regency.system.handler.on_append(fail)
        regency.system.handler.on_append(lambda _institution, position: told.append(position))

        receipt = regency.does("admin", "organisation.rename_unit", **NAME)

        assert told == [receipt.position] == [regency.head]


class TestWho:
    def test_an_institution_without_a_log_is_unknown_and_gets_none(self, regency: Office) -> None:
        asked = msgspec.structs.replace(request("admin", "organisation.rename_unit", **NAME), institution="lain")

        with pytest.raises(InstitutionUnknown):
            regency.system.handler.handle(asked)

        assert regency.system.log.institutions() == [INSTITUTION]

    @pytest.mark.parametrize("person", ["audit", "nobody", "system:workflow", "workflow"])
    def test_a_person_without_the_role_is_refused(self, regency: Office, person: str) -> None:
        with pytest.raises(RoleMissing):
            regency.does(person, "organisation.rename_unit", **NAME)

    def test_a_person_does_not_send_what_the_system_sends(self, regency: Office) -> None:
        with pytest.raises(RoleMissing):
            regency.does("admin", "obligation.mark_overdue", obligation="2024.dinkes.agreement")

    def test_a_part_of_the_system_sends_only_its_own(self, regency: Office) -> None:
        with pytest.raises(RoleMissing):
            regency.system.handler.handle(by_system(Role.WORKFLOW, "organisation.rename_unit", **NAME))

    def test_the_role_of_a_person_is_no_role_of_the_system(self, regency: Office) -> None:
        pretended = msgspec.structs.replace(
            request("admin", "organisation.rename_unit", **NAME), system=Actor(id="x", role=Role.ADMINISTRATOR)
        )
        with pytest.raises(ValueError, match="not a role of the system"):
            regency.system.handler.handle(pretended)

    def test_the_envelope_names_person_role_and_unit(self, regency: Office) -> None:
        open_year(regency)
        regency.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])
        entry = regency.system.log.read_stream(INSTITUTION, "agreement/dinkes/2024")[-1]

        assert (entry.actor_id, entry.actor_role, entry.actor_unit) == ("op", "unit_operator", "dinkes")
        assert (entry.fiscal_year, entry.correlation, entry.origin) == (2024, "dinkes/2024", "live")


class TestAtOnce:
    def test_two_signatures_of_one_agreement_are_decided_one_after_the_other(self, stored: Office) -> None:
        open_year(stored)
        stored.does("op", "agreement.propose", **AGREEMENT, commitments=[commitment()])

        outcomes = at_once(
            lambda: stored.does("kadin", "agreement.sign", **AGREEMENT, paper=paper()),
            lambda: stored.does("kadin", "agreement.sign", **AGREEMENT, paper=paper(file="a")),
        )

        assert {type(each) for each in outcomes} == {Receipt, AgreementAlreadySigned}
        assert stored.types("agreement/dinkes/2024").count("agreement.signed.v1") == 1

    def test_no_update_of_one_stream_is_lost(self, stored: Office) -> None:
        version = stored.system.handler.institution(INSTITUTION).version

        def rename(unit: str) -> list[Receipt]:
            return [
                stored.does("admin", "organisation.rename_unit", unit=unit, name=f"{unit} {turn}") for turn in range(10)
            ]

        outcomes = at_once(lambda: rename("setda"), lambda: rename("dinkes"))

        receipts = [receipt for outcome in outcomes if isinstance(outcome, list) for receipt in outcome]
        assert sorted(receipt.version for receipt in receipts) == list(range(version + 1, version + 21))
        names = {unit: stored.system.handler.institution(INSTITUTION).units[unit].name for unit in ("setda", "dinkes")}
        today = stored.clock.now().date()
        assert {unit: name.at(today) for unit, name in names.items()} == {"setda": "setda 9", "dinkes": "dinkes 9"}

    def test_one_id_sent_from_many_sides_is_carried_out_once(self, stored: Office) -> None:
        asked = request("admin", "organisation.establish_unit", id_="key-1", unit="bkad", name="BKAD")

        outcomes = at_once(*(lambda: stored.system.handler.handle(asked) for _ in range(6)))

        receipts = [each for each in outcomes if isinstance(each, Receipt)]
        assert len(receipts) == 6
        assert {receipt.position for receipt in receipts} == {stored.head}
        assert [receipt.repeated for receipt in receipts].count(False) == 1
