"""Who may do what: the matrix of every command and query by role and by own or other unit, written by hand."""

from datetime import date
from typing import Any, get_args

import msgspec
import pytest

from domain.actor import SYSTEM_ROLES, Actor, Role
from domain.agreement.commands import AgreementCommands
from domain.allowance_hold.commands import FileObjection, HoldCommands, ReleaseHold
from domain.authority import COMMANDS, QUERIES, Scope, permit, permit_query, permit_system
from domain.command import Command, name_of
from domain.dated import Dated
from domain.errors import InspectorateNeverVerifies, NotAllowed, OwnWork, RoleMissing, UnitUnknown
from domain.evaluation.commands import EvaluationCommands
from domain.follow_up.commands import FollowUpCommands
from domain.institution import Capacity, Institution, Official, RoleGrant, Unit
from domain.measurement.commands import MeasurementCommands
from domain.obligation.commands import ObligationCommands
from domain.opening import Opening
from domain.organisation.commands import OrganisationCommands
from domain.report.commands import ReportCommands
from domain.sealed_text import SealedText

TODAY = date(2025, 6, 30)
START = date(2020, 1, 1)

COLUMNS = (
    *(Role.UNIT_OPERATOR, Role.UNIT_HEAD),
    *(Role.PLANNING_OFFICE, Role.ORGANISATION_BUREAU),
    *(Role.INSTITUTION_HEAD, Role.HOLD_AUTHORITY),
    *(Role.INSPECTOR, Role.QUALITY_CONTROLLER, Role.TECHNICAL_CONTROLLER, Role.TEAM_LEAD, Role.TEAM_MEMBER),
    *(Role.TREASURY, Role.AUDITOR, Role.ADMINISTRATOR),
    *(Role.WORKFLOW, Role.TIMEKEEPER, Role.IMPORTER, Role.CONSOLE),
)

# For people: "." never, "o" their own unit's only, "x" other units' only, "b" both (or the institution as a whole).
# For parts of the system: "." never, "+" always, "s" only what names its publication.
#
#                                  unit             deciding           reading
#                                  |    coordinating |    Inspektorat  |     system
#                                  |    |    |       |                 |
#                                  op   po   ih      in qc tc tl tm    tr au ad
#                                   hd   ob   ha                              wf tk im co
COMMAND_MATRIX = """
organisation.found               | .. | .. | .. | ..... | ... | ..++
organisation.open_fiscal_year    | .. | b. | .. | ..... | ... | ..+.
organisation.ratify_budget       | .. | b. | .. | ..... | ... | ..+.
organisation.establish_unit      | .. | .. | .. | ..... | ..b | ..+.
organisation.rename_unit         | .. | .. | .. | ..... | ..b | ..+.
organisation.correct_unit_name   | .. | .. | .. | ..... | ..b | ....
organisation.dissolve_unit       | .. | .. | .. | ..... | ..b | ..+.
organisation.register_person     | .. | .. | .. | ..... | ..b | ..+.
organisation.appoint_official    | .. | .. | .. | ..... | ..b | ..+.
organisation.relieve_official    | .. | .. | .. | ..... | ..b | ..+.
organisation.correct_official    | .. | .. | .. | ..... | ..b | ....
organisation.withdraw_official   | .. | .. | .. | ..... | ..b | ....
organisation.grant_role          | .. | .. | .. | ..... | ..b | ....
organisation.revoke_role         | .. | .. | .. | ..... | ..b | ....
organisation.adopt_calendar      | .. | .b | .. | ..... | ..b | ..+.
organisation.adopt_rulebook      | .. | .b | .. | ..... | ..b | ..+.
organisation.end_rulebook        | .. | .b | .. | ..... | ..b | ....
organisation.register_document   | oo | b. | .. | ..... | ... | ..+.
agreement.open                   | .. | .b | .. | ..... | ... | +.s.
agreement.propose                | oo | .. | o. | ..... | ... | ....
agreement.sign                   | .o | .. | o. | ..... | ... | ....
agreement.record_published       | .. | .. | .. | ..... | ... | ..s.
agreement.amend                  | .o | .. | o. | ..... | ... | ....
agreement.rectify                | .o | .. | o. | ..... | ... | ....
agreement.correct_target         | .. | xx | .. | ..... | ... | ....
agreement.withdraw_target        | .. | xx | .. | ..... | ... | ....
measurement.open                 | .. | .b | .. | ..... | ... | +.s.
measurement.record               | o. | .. | .. | ..... | ... | ..s.
measurement.correct              | o. | .. | .. | ..... | ... | ....
measurement.submit               | oo | .. | .. | ..... | ... | ....
measurement.verify               | .. | .x | .. | ..... | ... | ....
measurement.return               | .. | .x | .. | ..... | ... | ....
measurement.lock                 | .. | .x | .. | ..... | ... | ....
measurement.reopen               | .. | .x | .. | ..... | ... | ....
report.open                      | .. | .b | .. | ..... | ... | +.s.
report.compile                   | oo | .. | .. | ..... | ... | ....
report.review                    | .. | .. | .. | x.... | ... | ....
report.submit                    | oo | .. | o. | ..... | ... | ....
report.return                    | .. | .x | .. | ..... | ... | ....
report.accept                    | .. | .x | .. | ..... | ... | ....
report.send_outside              | o. | .b | o. | ..... | ... | ....
report.record_published          | .. | .. | .. | ..... | ... | ..s.
evaluation.open                  | .. | .. | .. | x.... | ... | +.s.
evaluation.assign                | .. | .. | .. | x.... | ... | ....
evaluation.assess_self           | oo | .. | .. | ..... | ... | ....
evaluation.grade                 | .. | .. | .. | .xxxx | ... | ....
evaluation.issue_lhe             | .. | .. | .. | x.... | ... | ....
evaluation.record_external       | .. | .x | .. | x.... | ... | ..s.
follow_up.open                   | .. | .. | .. | ..... | ... | +...
follow_up.plan_action            | oo | .. | .. | ..... | ... | ....
follow_up.report_progress        | oo | .. | .. | ..... | ... | ....
follow_up.propose_result         | .. | .. | .. | ...xx | ... | ....
follow_up.approve_result         | .. | .. | .. | x.... | ... | ....
follow_up.reject_result          | .. | .. | .. | x.... | ... | ....
follow_up.transfer               | .. | .. | .. | x.... | ... | +...
follow_up.extend                 | .. | .. | .. | x.... | ... | ....
follow_up.link_repeat            | .. | .. | .. | x.... | ... | +...
follow_up.reopen                 | .. | .. | .. | x.... | ... | ....
follow_up.carry_over             | .. | .. | .. | ..... | ... | +...
follow_up.record_verdict         | .. | .x | .. | x.... | ... | ....
obligation.open                  | .. | .. | .. | ..... | ... | +.+.
obligation.set_due_date          | .. | .. | .. | ..... | ... | +.+.
obligation.fix_due_date          | .. | .. | .. | ..... | ... | +.+.
obligation.extend                | .. | .x | .x | ..... | ... | ....
obligation.note_submission       | .. | .. | .. | ..... | ... | +.+.
obligation.return_submission     | .. | .. | .. | ..... | ... | +.+.
obligation.meet                  | .. | .. | .. | ..... | ... | +.+.
obligation.mark_overdue          | .. | .. | .. | ..... | ... | .+..
obligation.waive                 | .. | .. | .x | ..... | ... | ....
obligation.transfer              | .. | .x | .. | ..... | ... | +...
hold.propose                     | .. | .. | .. | ..... | ... | ++..
hold.recommend                   | .. | .x | .. | ..... | ... | ....
hold.serve_notice                | .. | .x | .. | ..... | ... | ....
hold.lapse_notice                | .. | .. | .. | ..... | ... | .+..
hold.impose                      | .. | .. | .x | ..... | ... | ....
hold.decline                     | .. | .. | .x | ..... | ... | ....
hold.lapse                       | .. | .. | .. | ..... | ... | +...
hold.file_objection              | oo | .. | .. | ..... | ... | ....
hold.decide_objection            | .. | .. | x. | ..... | ... | ....
hold.deem_objection_granted      | .. | .. | .. | ..... | ... | .+..
hold.release                     | .. | .. | .x | ..... | ... | ....
hold.transfer                    | .. | .. | .x | ..... | ... | +...
"""

QUERY_MATRIX = """
agreement_register               | oo | bb | bb | bbbbb | .b.
achievement                      | oo | bb | bb | bbbbb | .b.
report_register                  | oo | bb | bb | bbbbb | .b.
evaluation_result                | oo | bb | bb | bbbbb | .b.
recommendation_register          | oo | bb | bb | bbbbb | .b.
obligation_calendar              | oo | bb | bb | bbbbb | .b.
hold_register                    | oo | .b | bb | ..... | bb.
organisation_chart               | bb | bb | bb | bbbbb | bbb
cycle_status                     | bb | bb | bb | bbbbb | bbb
audit_trail                      | oo | .b | .. | b.... | .b.
replay                           | oo | .b | .. | b.... | .b.
diff                             | oo | .b | .. | b.... | .b.
verify                           | .. | .. | .. | b.... | .bb
parked                           | .. | .. | .. | ..... | .bb
"""

COMMAND_TYPES: dict[str, type[Command]] = {
    name_of(each): each
    for commands in (
        OrganisationCommands,
        AgreementCommands,
        MeasurementCommands,
        ReportCommands,
        EvaluationCommands,
        FollowUpCommands,
        ObligationCommands,
        HoldCommands,
    )
    for each in get_args(commands)
}


def read(matrix: str) -> dict[str, dict[Role, str]]:
    """Read a matrix as cells by row and role."""
    rows = (line.split("|") for line in matrix.strip().splitlines())
    cells = {name.strip(): "".join(cell.strip() for cell in groups) for name, *groups in rows}
    return {name: dict(zip(COLUMNS, row, strict=False)) for name, row in cells.items()}


COMMAND_CELLS = read(COMMAND_MATRIX)
QUERY_CELLS = read(QUERY_MATRIX)


def holding(*grants: tuple[str, Role, str | None], heads: dict[str, str] | None = None) -> Institution:
    """Return an institution of four units in which people hold roles, and head units."""
    roles: dict[str, tuple[RoleGrant, ...]] = {}
    for person, role, home in grants:
        roles[person] = (*roles.get(person, ()), RoleGrant(role, home, Dated[bool]().add(START, 1, value=True)))
    return Institution(
        id="contoh",
        head_unit="pemda",
        roles=roles,
        units={name: unit(name, head=(heads or {}).get(name)) for name in ("pemda", "dinkes", "dinsos", "inspektorat")},
    )


def unit(name: str, *, head: str | None = None, ended: date | None = None, successors: tuple[str, ...] = ()) -> Unit:
    """Return a unit, ended where a day is given."""
    in_being = Dated[bool]().add(START, 1, value=True)
    official = None if head is None else Official(head, "Kepala", Capacity.DEFINITIVE)
    return Unit(
        id=name,
        name=Dated[str]().add(START, 1, name),
        parent=Dated(),
        in_being=in_being if ended is None else in_being.add(ended, 2, value=False),
        head=Dated[Official]() if official is None else Dated[Official]().add(START, 3, official),
        successors=successors,
    )


def about(name: str, unit_id: str, **fields: Any) -> Command:  # noqa: ANN401 - the fields of any command
    """Return a command about a unit; what authority does not look at is left out."""
    kind = COMMAND_TYPES[name]
    derived = f"2025.{unit_id}.report"
    known = {
        "unit": unit_id,
        "fiscal_year": 2025,
        "obligation": derived,
        "hold": derived,
        "recommendation": f"2025.{unit_id}.r1",
    }
    required: dict[str, Any] = {
        each.name: known.get(each.name) for each in msgspec.structs.fields(kind) if each.required
    }
    return kind(**required | fields)


def allowed(command: Command, person: str, institution: Institution) -> bool:
    """Say whether a person may send a command today, in a role of the table."""
    try:
        actor = permit(command, person, institution, TODAY)
    except NotAllowed:
        return False
    assert actor.id == person
    assert actor.role in COMMANDS[name_of(command)]
    return True


def test_the_table_and_the_matrix_know_every_command_and_no_other() -> None:
    assert set(COMMANDS) == set(COMMAND_TYPES)
    assert set(COMMAND_CELLS) == set(COMMAND_TYPES)
    assert set(QUERIES) == set(QUERY_CELLS)
    assert set(COLUMNS) == set(Role)
    assert all(len(row) == len(COLUMNS) for row in COMMAND_CELLS.values())


@pytest.mark.parametrize("role", [each for each in COLUMNS if each not in SYSTEM_ROLES])
def test_each_role_may_do_to_own_and_other_units_what_the_matrix_says(role: Role) -> None:
    home = "pemda" if role is Role.INSTITUTION_HEAD else "dinkes"
    institution = holding(("ani", role, None if role is Role.INSTITUTION_HEAD else home))
    found = {
        name: (allowed(about(name, home), "ani", institution), allowed(about(name, "dinsos"), "ani", institution))
        for name in COMMAND_CELLS
    }
    meaning = {".": (False, False), "o": (True, False), "x": (False, True), "b": (True, True)}
    assert found == {name: meaning[row[role]] for name, row in COMMAND_CELLS.items()}


@pytest.mark.parametrize("role", sorted(SYSTEM_ROLES))
def test_each_part_of_the_system_may_send_what_the_matrix_says(role: Role) -> None:
    actor = Actor(id=f"system:{role}", role=role)

    def sent(command: Command) -> bool:
        try:
            return permit_system(command, actor) == actor
        except RoleMissing:
            return False

    found = {name: (sent(unsourced(name)), sent(sourced(name))) for name in COMMAND_CELLS}
    meaning = {".": (False, False), "s": (False, True), "+": (True, True)}
    assert found == {name: meaning[row[role]] for name, row in COMMAND_CELLS.items()}


def unsourced(name: str) -> Command:
    """Return a command that names no publication."""
    return about(name, "dinkes")


def sourced(name: str) -> Command:
    """Return a command that names its publication wherever one of its kind can."""
    fields = {each.name for each in msgspec.structs.fields(COMMAND_TYPES[name])}
    if "source" in fields:
        return about(name, "dinkes", source="LKjIP 2023")
    if "opening" in fields:
        return about(name, "dinkes", opening=Opening(source="LKjIP 2023"))
    return about(name, "dinkes", realisation=Sourced()) if "realisation" in fields else about(name, "dinkes")


class Sourced(msgspec.Struct):
    """What authority sees of a realisation from a publication."""

    source: str = "LKjIP 2023"


def test_a_reason_is_no_source() -> None:
    importer = Actor(id="system:import", role=Role.IMPORTER)
    by_reason = about("agreement.open", "dinkes", opening=Opening(reason=SealedText("a" * 64)))
    with pytest.raises(RoleMissing):
        permit_system(by_reason, importer)


@pytest.mark.parametrize("role", [each for each in COLUMNS if each not in SYSTEM_ROLES])
def test_each_role_may_ask_about_own_and_other_units_what_the_matrix_says(role: Role) -> None:
    home = "pemda" if role is Role.INSTITUTION_HEAD else "dinkes"
    institution = holding(("ani", role, None if role is Role.INSTITUTION_HEAD else home))

    def answered(query: str, about_unit: str | None) -> bool:
        try:
            return permit_query(query, about_unit, "ani", institution, TODAY).role is role
        except RoleMissing:
            return False

    found = {name: tuple(answered(name, each) for each in (home, "dinsos", None)) for name in QUERY_CELLS}
    meaning = {".": (False, False, False), "o": (True, False, False), "b": (True, True, True)}
    assert found == {name: meaning[row[role]] for name, row in QUERY_CELLS.items()}


def test_a_stranger_an_unknown_command_and_a_former_role_are_refused() -> None:
    institution = holding(("ani", Role.AUDITOR, None))
    for query in QUERIES:
        with pytest.raises(RoleMissing):
            permit_query(query, None, "orang-lain", institution, TODAY)
    with pytest.raises(RoleMissing):
        permit_query("people", None, "ani", institution, TODAY)
    with pytest.raises(RoleMissing):
        permit_query("replay", None, "ani", institution, date(2019, 12, 31))
    with pytest.raises(RoleMissing):
        permit(about("report.submit", "dinkes"), "orang-lain", institution, TODAY)


CONTROLS = [
    *("measurement.verify", "measurement.return", "measurement.lock", "measurement.reopen"),
    *("report.review", "report.return", "report.accept"),
    *("evaluation.assign", "evaluation.grade", "evaluation.issue_lhe", "evaluation.record_external"),
    *("follow_up.propose_result", "follow_up.approve_result", "follow_up.reject_result", "follow_up.extend"),
    *("follow_up.reopen", "follow_up.transfer", "follow_up.record_verdict"),
    *("obligation.extend", "obligation.waive", "obligation.transfer"),
    *("agreement.correct_target", "agreement.withdraw_target"),
    *("hold.recommend", "hold.serve_notice", "hold.impose", "hold.decline", "hold.decide_objection"),
    *("hold.release", "hold.transfer"),
]
"""Whatever verifies, grades, decides, closes or releases."""


@pytest.mark.parametrize("name", CONTROLS)
def test_nobody_verifies_grades_closes_or_releases_their_own(name: str) -> None:
    """Also not with every role at once, whether bound by a role, by position, or by a second role elsewhere."""
    everything = [("ani", role, "inspektorat") for role in Role if role not in SYSTEM_ROLES]
    by_role = holding(*everything, ("ani", Role.UNIT_OPERATOR, "dinkes"))
    by_position = holding(*everything, heads={"dinkes": "ani"})
    for institution in (by_role, by_position):
        with pytest.raises(OwnWork) as refused:
            permit(about(name, "dinkes"), "ani", institution, TODAY)
        assert refused.value.fields["unit"] == "dinkes"


def test_an_operator_of_a_unit_who_is_an_evaluator_elsewhere_grades_only_other_units() -> None:
    institution = holding(("ani", Role.UNIT_OPERATOR, "dinkes"), ("ani", Role.TEAM_MEMBER, "inspektorat"))
    with pytest.raises(OwnWork):
        permit(about("evaluation.grade", "dinkes"), "ani", institution, TODAY)
    with pytest.raises(OwnWork):
        permit(about("evaluation.grade", "inspektorat"), "ani", institution, TODAY)
    grading = permit(about("evaluation.grade", "dinsos"), "ani", institution, TODAY)
    assert grading == Actor(id="ani", role=Role.TEAM_MEMBER, unit="inspektorat")
    recording = permit(about("measurement.record", "dinkes"), "ani", institution, TODAY)
    assert recording == Actor(id="ani", role=Role.UNIT_OPERATOR, unit="dinkes")


@pytest.mark.parametrize("name", ["measurement.verify", "measurement.return", "measurement.lock", "measurement.reopen"])
def test_the_inspektorat_never_verifies_what_it_later_evaluates_not_even_in_a_second_role(name: str) -> None:
    institution = holding(("ani", Role.ORGANISATION_BUREAU, "pemda"), ("ani", Role.TEAM_MEMBER, "inspektorat"))
    with pytest.raises(InspectorateNeverVerifies):
        permit(about(name, "dinkes"), "ani", institution, TODAY)
    assert allowed(about("report.accept", "dinkes"), "ani", institution)


def test_an_administrator_has_no_power_over_figures() -> None:
    institution = holding(("ani", Role.ADMINISTRATOR, None))
    permitted = {name.split(".")[0] for name in COMMAND_TYPES if allowed(about(name, "dinkes"), "ani", institution)}
    assert permitted == {"organisation"}


def test_the_institution_head_signs_the_institution_s_own_agreement_and_no_unit_s() -> None:
    for institution in (holding(("ani", Role.INSTITUTION_HEAD, None)), holding(heads={"pemda": "ani"})):
        signing = permit(about("agreement.sign", "pemda"), "ani", institution, TODAY)
        assert signing == Actor(id="ani", role=Role.INSTITUTION_HEAD, unit="pemda")
        with pytest.raises(RoleMissing):
            permit(about("agreement.sign", "dinkes"), "ani", institution, TODAY)


def test_a_position_is_a_role_from_its_day_on() -> None:
    institution = holding(heads={"dinkes": "ani"})
    assert permit(about("agreement.sign", "dinkes"), "ani", institution, TODAY).role is Role.UNIT_HEAD
    with pytest.raises(RoleMissing):
        permit(about("agreement.sign", "dinkes"), "ani", institution, date(2019, 12, 31))


def test_who_carries_on_an_ended_unit_s_work_acts_for_it_and_does_not_judge_it() -> None:
    everything = [("ani", role, "dinsos") for role in Role if role not in SYSTEM_ROLES]
    before = holding(*everything)
    ended = unit("dinkes", ended=date(2025, 1, 1), successors=("dinsos",))
    merged = before.now(units={**before.units, "dinkes": ended})
    assert allowed(about("evaluation.grade", "dinkes"), "ani", before)
    assert not allowed(about("report.compile", "dinkes"), "ani", before)
    with pytest.raises(OwnWork):
        permit(about("evaluation.grade", "dinkes"), "ani", merged, TODAY)
    assert permit(about("report.compile", "dinkes"), "ani", merged, TODAY).unit == "dinsos"


def test_a_unit_that_never_was_is_named_as_such() -> None:
    with pytest.raises(UnitUnknown):
        permit(about("evaluation.assign", "tiada"), "ani", holding(("ani", Role.INSPECTOR, "inspektorat")), TODAY)


def test_a_role_of_the_system_gives_a_person_nothing_and_a_person_is_no_part_of_the_system() -> None:
    institution = holding(*(("ani", role, "dinkes") for role in SYSTEM_ROLES))
    assert not any(allowed(about(name, "dinkes"), "ani", institution) for name in COMMAND_TYPES)
    with pytest.raises(RoleMissing):
        permit_system(about("hold.release", "dinkes"), Actor(id="ani", role=Role.HOLD_AUTHORITY, unit="dinsos"))


def test_a_command_about_the_whole_institution_is_never_a_matter_of_own_or_other() -> None:
    without_unit = [name for name in COMMAND_TYPES if about(name, "dinkes").subject_unit is None]
    assert without_unit
    for name in without_unit:
        assert set(COMMANDS[name].values()) == {Scope.ANY}


def test_a_duty_that_passed_on_is_the_work_of_whoever_has_it_now() -> None:
    """After a transfer the new holder's own people neither judge it nor lose their right to object."""
    released = ReleaseHold(hold="2024.dinkes.report", scope="all", reason=SealedText("a" * 64))
    objected = FileObjection(hold="2024.dinkes.report", grounds=SealedText("a" * 64))
    institution = holding(("sekda", Role.HOLD_AUTHORITY, "dinsos"), ("dewi", Role.UNIT_OPERATOR, "dinsos"))
    assert permit(released, "sekda", institution, TODAY).role is Role.HOLD_AUTHORITY
    with pytest.raises(OwnWork):
        permit(released, "sekda", institution, TODAY, "dinsos")
    with pytest.raises(RoleMissing):
        permit(objected, "dewi", institution, TODAY)
    assert permit(objected, "dewi", institution, TODAY, "dinsos").unit == "dinsos"
