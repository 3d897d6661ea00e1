"""A batch as history in a real log: its own effective days, its sources, and nothing twice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.evaluation.events import ResultRecorded
from domain.event import Event, Origin, RecordedEvent
from domain.measurement.events import RealisationRecorded
from domain.obligation.events import ObligationMet
from domain.organisation.events import InstitutionFounded, RulebookAdopted, UnitEstablished
from domain.report.events import ReportPublished
from services.bootstrap import System, bootstrap
from services.clock import VirtualClock
from services.importing.applying import Applied, Importer
from services.importing.history import plan_history
from services.importing.staging import Batch
from services.importing.tables import tables
from services.settings import Settings
from tests.services.importing.staged import ENTITIES, SHELF, stage

TODAY = datetime(2026, 6, 30, 3, tzinfo=UTC)
UNIT = "Gunungkidul - DINAS KESEHATAN"
ACHIEVEMENT = f'{UNIT},2023,Angka kematian ibu,,minimise,"66,81","82,64","76,3",esakip,'
SCORE = f"{UNIT},OPD,2024,PermenPANRB 88/2021,81.54,,esakip,A"
REPORT = f"{UNIT},LKjIP,Laporan Kinerja,2024,2024-03-06,esakip"
PLAN = f"{UNIT},RENSTRA,Rencana Strategis,2024,2024-01-30,esakip"
FINDING = "recommendation,Kota Pasuruan,2021,KemenPANRB,perencanaan,Perbaiki dokumen,not stated,jatimnow.com"


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/sakip.db")
    running = bootstrap(settings, clock=VirtualClock(TODAY))
    yield running
    running.close()


def apply(system: System, batch: Batch) -> Applied:
    histories = plan_history(batch, ENTITIES, SHELF, tables(), administrator="admin")
    return Importer(system.handler, system.clock, system.delivery.settle).apply(histories)


def log_of(system: System, institution: str) -> list[RecordedEvent[Event]]:
    return [system.codec.decode(entry) for entry in system.log.read(institution, after=0)]


def bodies(system: System, institution: str, kind: type[Event]) -> list[Event]:
    return [event.body for event in log_of(system, institution) if isinstance(event.body, kind)]


def test_everything_is_history_by_the_importer_or_a_workflow(system: System) -> None:
    apply(system, stage(achievements=(ACHIEVEMENT,), scores=(SCORE,), submissions=(REPORT, PLAN)))
    events = log_of(system, "gunungkidul")
    assert {event.origin for event in events} == {Origin.HISTORY}
    assert {event.actor.role.value for event in events} == {"importer", "workflow"}
    assert {event.recorded_at for event in events} == {TODAY}


def test_the_institution_begins_with_the_first_year_of_the_data(system: System) -> None:
    apply(system, stage(achievements=(ACHIEVEMENT,), scores=(SCORE,)))
    (founded,) = bodies(system, "gunungkidul", InstitutionFounded)
    assert founded.effective_on == date(2023, 1, 1)
    units = {
        each.unit: each.effective_on
        for each in bodies(system, "gunungkidul", UnitEstablished)
        if isinstance(each, UnitEstablished)
    }
    assert units == {"pemda": date(2023, 1, 1), "dinas-kesehatan": date(2023, 1, 1)}
    (adopted,) = bodies(system, "gunungkidul", RulebookAdopted)
    assert adopted.effective_on == date(2014, 11, 20)


def test_a_published_figure_is_kept_as_printed_with_its_source(system: System) -> None:
    apply(system, stage(achievements=(ACHIEVEMENT,)))
    (recorded,) = bodies(system, "gunungkidul", RealisationRecorded)
    assert isinstance(recorded, RealisationRecorded)
    assert recorded.effective_on == date(2023, 12, 31)
    assert (recorded.realisation.published_achievement, recorded.realisation.source) == ("76,3", "esakip")


def test_a_score_stands_as_published_beside_what_the_rule_gives(system: System) -> None:
    apply(system, stage(scores=("Kab. Banyuwangi,kabupaten,2015,PermenPANRB 12/2015,65.41,BB,merdeka.com,",)))
    (result,) = bodies(system, "banyuwangi", ResultRecorded)
    assert isinstance(result, ResultRecorded)
    assert (result.score.predicate, result.by_rule, result.evaluation_year) == ("BB", "B", 2015)
    assert (result.issued_on, result.number, result.effective_on) == (None, None, date(2015, 12, 31))


def test_recommendations_become_findings_that_are_followed_up(system: System) -> None:
    apply(system, stage(recommendations=(FINDING, FINDING.replace("dokumen", "indikator"))))
    (result,) = bodies(system, "kota-pasuruan", ResultRecorded)
    assert isinstance(result, ResultRecorded)
    assert [(each.number, each.owners) for each in result.findings] == [(1, ("pemda",)), (2, ("pemda",))]
    opened = [event.stream for event in log_of(system, "kota-pasuruan") if event.type == "recommendation.opened.v1"]
    assert opened == ["recommendation/2020.pemda.r1", "recommendation/2020.pemda.r2"]


def test_a_score_and_the_recommendations_of_one_issuer_are_one_result(system: System) -> None:
    score = "Kota Pasuruan,kota,2021,PermenPANRB 12/2015,65,B,jatimnow.com,"
    apply(system, stage(scores=(score,), recommendations=(FINDING,)))
    (result,) = bodies(system, "kota-pasuruan", ResultRecorded)
    assert isinstance(result, ResultRecorded)
    assert (result.issuer, str(result.score.total), len(result.findings)) == ("KemenPANRB", "65", 1)


def test_a_dated_report_meets_its_duty_and_tells_the_lateness(system: System) -> None:
    apply(system, stage(submissions=(REPORT,)))
    (met,) = bodies(system, "gunungkidul", ObligationMet)
    assert isinstance(met, ObligationMet)
    assert (met.met_on, met.due_on, met.days_late) == (date(2024, 3, 6), date(2024, 2, 29), 6)


def test_a_report_with_an_undated_upload_has_no_day_and_no_duty(system: System) -> None:
    apply(system, stage(submissions=(REPORT, REPORT.replace("2024-03-06", "2024-02-27"))))
    (published,) = bodies(system, "gunungkidul", ReportPublished)
    assert isinstance(published, ReportPublished)
    assert (published.submitted_on, published.effective_on) == (None, date(2024, 12, 31))
    assert not [event for event in log_of(system, "gunungkidul") if event.type.startswith("obligation.")]


def test_nothing_is_called_overdue_because_a_source_does_not_have_it(system: System) -> None:
    apply(system, stage(submissions=(PLAN, REPORT.replace("LKjIP", "PK"))))
    system.timekeeper.tick("gunungkidul")
    assert not [event for event in log_of(system, "gunungkidul") if event.type.startswith("obligation.")]


def test_twice_changes_nothing(system: System) -> None:
    batch = stage(achievements=(ACHIEVEMENT,), scores=(SCORE,), submissions=(REPORT, PLAN), recommendations=(FINDING,))
    first = apply(system, batch)
    heads = {each: system.log.head(each) for each in first.institutions}
    again = apply(system, batch)
    assert first.recorded > 0
    assert (again.recorded, again.refused) == (0, ())
    assert {each: system.log.head(each) for each in first.institutions} == heads


def test_a_fact_whose_day_had_not_come_is_not_recorded_again_once_it_has(system: System) -> None:
    batch = stage(scores=(SCORE.replace("2024,", "2026,"),))
    assert apply(system, batch).refused == ()
    head = system.log.head("gunungkidul")
    assert isinstance(system.clock, VirtualClock)
    system.clock.set(datetime(2027, 1, 31, tzinfo=UTC))
    assert apply(system, batch).recorded == 0
    assert system.log.head("gunungkidul") == head


def test_no_workflow_is_left_with_a_dead_letter(system: System) -> None:
    apply(system, stage(achievements=(ACHIEVEMENT,), scores=(SCORE,), submissions=(REPORT, PLAN)))
    with system.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dead_letter").scalar() == 0


def test_a_row_with_an_error_is_left_out(system: System) -> None:
    wrong = SCORE.replace("88/2021", "12/2015").replace("KESEHATAN", "SOSIAL")
    apply(system, stage(scores=(SCORE, wrong)))
    assert len(bodies(system, "gunungkidul", ResultRecorded)) == 1


def test_averages_and_unknown_names_never_become_an_institution(system: System) -> None:
    rows = ("Rata-rata nasional provinsi,national average,2021,,70.88,,,", "Kab. Antah,kabupaten,2021,,70.88,,,")
    assert apply(system, stage(scores=rows)).institutions == ()
    assert list(system.log.institutions()) == []


def test_a_fact_that_the_log_does_not_take_is_told_with_its_row(system: System) -> None:
    applied = apply(system, stage(submissions=(PLAN.replace("2024-01-30", "2027-01-30"),)))
    (refused,) = applied.refused
    assert (refused.code, refused.file, refused.line) == ("effective_in_future", "submissions.csv", 2)


def test_a_changed_source_is_refused_and_never_overwrites(system: System) -> None:
    apply(system, stage(achievements=(ACHIEVEMENT,)))
    head = system.log.head("gunungkidul")
    changed = apply(system, stage(achievements=(ACHIEVEMENT.replace("66,81", "70"),)))
    assert [each.code for each in changed.refused] == ["agreement_already_signed"]
    assert system.log.head("gunungkidul") == head
