"""Every refusal of the domain, drawn once: what is refused, in which words, on which legal basis.

A refusal changes nothing. Its `code` is for machines and never changes; `title` is for people; `fields` name the values
concerned. How a refusal is shown to a client is decided in `services/http/problems.py`.
"""

from typing import ClassVar


class Refusal(Exception):
    """A command that the law or the state of affairs does not allow; raised by deciders."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Permintaan ditolak"
    legal_basis: ClassVar[str | None] = None

    def __init__(self, detail: str = "", /, **fields: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.fields = fields


class NotAllowed(Refusal):
    """The person may not do this: wrong role, wrong unit, or their own work."""


class Unknown(Refusal):
    """The command names something that does not exist in the log."""


class Conflict(Refusal):
    """The state of the stage does not allow this now."""


class NotYetOpen(Conflict):
    """The stage has not been opened yet; its opening may be under way, so trying again makes sense."""


class Inadmissible(Refusal):
    """A value is well formed and yet not admissible under the rule."""


# --- who -------------------------------------------------------------------------------------------------------------


class RoleMissing(NotAllowed):
    """No role in force on the day permits the command."""

    code = "role_missing"
    title = "Anda tidak memiliki kewenangan untuk tindakan ini"


class OwnWork(NotAllowed):
    """Nobody verifies, grades, closes or releases their own."""

    code = "own_work"
    title = "Unit tidak boleh memverifikasi, menilai, menutup, atau melepas pekerjaannya sendiri"
    legal_basis = "PermenPANRB 88/2021"


class SamePersonTwice(NotAllowed):
    """A second, higher decision was attempted by the person who took the first."""

    code = "same_person_twice"
    title = "Keputusan kedua harus diambil oleh orang yang berbeda"


# --- when ------------------------------------------------------------------------------------------------------------


class EffectiveInFuture(Inadmissible):
    """A status change takes effect after today."""

    code = "effective_in_future"
    title = "Tanggal berlaku tidak boleh setelah hari ini"


class EffectiveBeforePrevious(Inadmissible):
    """A status change takes effect before the previous one of its stream."""

    code = "effective_before_previous"
    title = "Tanggal berlaku tidak boleh sebelum perubahan status sebelumnya"


# --- what is named ---------------------------------------------------------------------------------------------------


class InstitutionUnknown(Unknown):
    """The institution has no log, or the person has no part in it."""

    code = "institution_unknown"
    title = "Instansi tidak dikenal"


class StageNotOpenYet(NotYetOpen):
    """The stage of this entity and year has not been opened."""

    code = "stage_not_open_yet"
    title = "Tahap ini belum dibuka"


class StageAlreadyOpen(Conflict):
    """The stage of this entity and year has been opened before."""

    code = "stage_already_open"
    title = "Tahap ini sudah dibuka"


class VersionUnknown(Unknown):
    """A correction or withdrawal names no version of the stream."""

    code = "version_unknown"
    title = "Versi yang dirujuk tidak ada"


# --- organisation ----------------------------------------------------------------------------------------------------


class InstitutionAlreadyFounded(Conflict):
    """The log of the institution has begun; it begins once."""

    code = "institution_already_founded"
    title = "Instansi sudah terdaftar"


class TimeZoneUnknown(Inadmissible):
    """The time zone is none of those of Indonesia."""

    code = "time_zone_unknown"
    title = "Zona waktu harus Asia/Jakarta, Asia/Pontianak, Asia/Makassar, atau Asia/Jayapura"
    legal_basis = "Keppres 41/1987"


class LevelUnknown(Inadmissible):
    """The institution is none of those that account for their performance."""

    code = "level_unknown"
    title = "Tingkat instansi harus kabupaten, kota, provinsi, kementerian, atau lembaga"
    legal_basis = "Perpres 29/2014"


class FiscalYearAlreadyOpen(Conflict):
    """The cycle of the year has begun; it begins once."""

    code = "fiscal_year_already_open"
    title = "Tahun anggaran sudah dibuka"


class NoEntityInBeing(Inadmissible):
    """On the effective day no entity exists whose cycle could begin."""

    code = "no_entity_in_being"
    title = "Belum ada unit pada tanggal pembukaan tahun anggaran"


class BudgetNotRatified(Conflict):
    """A revision (DPPA) follows the budget document (DPA) that it revises; it never comes first."""

    code = "budget_not_ratified"
    title = "DPPA hanya dapat dicatat setelah DPA disahkan"
    legal_basis = "PP 12/2019"


class UnitUnknown(Unknown):
    """The institution has no such unit."""

    code = "unit_unknown"
    title = "Unit tidak dikenal"


class UnitAlreadyEstablished(Conflict):
    """The id belongs to a unit for ever, also after its end."""

    code = "unit_already_established"
    title = "Kode unit sudah dipakai"


class UnitAlreadyDissolved(Conflict):
    """The end of the unit is recorded."""

    code = "unit_already_dissolved"
    title = "Pembubaran unit sudah dicatat"


class HeadUnitPermanent(Inadmissible):
    """The institution as an entity of its own lasts as long as the institution."""

    code = "head_unit_permanent"
    title = "Entitas instansi sendiri tidak dapat dibubarkan"


class SuccessorUnfit(Inadmissible):
    """A successor is the unit itself, is named twice, or does not exist on the day."""

    code = "successor_unfit"
    title = "Unit penerus harus unit lain yang ada pada tanggal pembubaran"


class SuccessorCycle(Inadmissible):
    """The successor is to be succeeded by the unit itself, so that nobody would carry its duties on."""

    code = "successor_cycle"
    title = "Unit penerus tidak boleh kembali ke unit asalnya"


class PersonUnknown(Unknown):
    """No person is registered under the id."""

    code = "person_unknown"
    title = "Orang belum terdaftar"


class OfficeVacant(Conflict):
    """The unit has no head on the day who could be relieved."""

    code = "office_vacant"
    title = "Unit tidak memiliki kepala pada tanggal tersebut"


class RoleNotForPeople(Inadmissible):
    """The role belongs to a part of the system and is never held by a person."""

    code = "role_not_for_people"
    title = "Peran sistem tidak dapat diberikan kepada orang"


class RoleNeedsUnit(Inadmissible):
    """The role is held in a home unit, so that it is known what is the person's own work."""

    code = "role_needs_unit"
    title = "Peran ini harus diberikan untuk suatu unit"


class RoleAlreadyHeld(Conflict):
    """The person holds the role on the day."""

    code = "role_already_held"
    title = "Peran sudah dimiliki orang tersebut"


class RoleNotHeld(Conflict):
    """The person does not hold the role on the day."""

    code = "role_not_held"
    title = "Peran tidak dimiliki orang tersebut"


class LastAdministrator(Conflict):
    """Without an administrator nobody could grant a role again."""

    code = "last_administrator"
    title = "Administrator terakhir tidak dapat dicabut"


class RoleForOneself(NotAllowed):
    """An administrator has no power over figures, and gets none by granting it to himself."""

    code = "role_for_oneself"
    title = "Peran tidak boleh diberikan kepada diri sendiri"


class CalendarOutsideYear(Inadmissible):
    """A day off lies in another year than the calendar."""

    code = "calendar_outside_year"
    title = "Hari libur harus berada di dalam tahun kalender"


class RulebookUnknown(Unknown):
    """No rulebook with that digest, name and version is at hand, so what it says is not known."""

    code = "rulebook_unknown"
    title = "Berkas aturan tidak dikenal"


class RulebookKindWrong(Inadmissible):
    """The rulebook rules something else."""

    code = "rulebook_kind_wrong"
    title = "Jenis aturan tidak sesuai dengan isi berkasnya"


class RulebookNotInForce(Conflict):
    """No rulebook of the kind is in force on the day that could end."""

    code = "rulebook_not_in_force"
    title = "Tidak ada aturan jenis ini yang berlaku pada tanggal tersebut"


class UnitNotInBeing(Conflict):
    """The unit does not exist on the day: not yet, or no more."""

    code = "unit_not_in_being"
    title = "Unit tidak ada pada tanggal tersebut"


class ReasonMissing(Inadmissible):
    """A transfer needs a reason, unless the unit that takes over is a recorded successor of the one before."""

    code = "reason_missing"
    title = "Pengalihan memerlukan alasan"


# --- agreement -------------------------------------------------------------------------------------------------------


class AgreementAlreadySigned(Conflict):
    """The agreement of the entity and year is in force; from here on it is amended."""

    code = "agreement_already_signed"
    title = "Perjanjian kinerja tahun ini sudah ditandatangani"
    legal_basis = "PermenPANRB 53/2014, Lampiran I"


class AgreementNotSigned(Conflict):
    """Only a signed agreement can be amended, rectified or measured."""

    code = "agreement_not_signed"
    title = "Perjanjian kinerja belum ditandatangani"
    legal_basis = "PermenPANRB 53/2014, Lampiran I"


class NothingProposed(Conflict):
    """There is no proposal that a signature could bind."""

    code = "nothing_proposed"
    title = "Belum ada usulan sasaran, indikator, dan target"


class SignatoriesWrong(Inadmissible):
    """The institution's own agreement has one signatory, a unit's has two different ones."""

    code = "signatories_wrong"
    title = "Jumlah penanda tangan tidak sesuai"
    legal_basis = "PermenPANRB 53/2014, Lampiran I"


class CommitmentUnknown(Unknown):
    """The agreement has no such commitment."""

    code = "commitment_unknown"
    title = "Komitmen tidak ada dalam perjanjian kinerja"


class CommitmentRepeated(Inadmissible):
    """Two commitments of one proposal have the same id."""

    code = "commitment_repeated"
    title = "Kode komitmen berulang"


class MeasurementAlreadyBegun(Conflict):
    """A clerical correction (ralat) is possible only before the first measurement."""

    code = "measurement_already_begun"
    title = "Ralat hanya dapat dilakukan sebelum pengukuran pertama"


class SignatoryNotInOffice(Inadmissible):
    """The head in office on the day of signature is not among those who signed."""

    code = "signatory_not_in_office"
    title = "Pejabat yang menjabat pada tanggal tersebut tidak ikut menandatangani"
    legal_basis = "PermenPANRB 53/2014, Lampiran I"


class OfficialNotReplaced(Inadmissible):
    """A renewal because an official was replaced is signed by the very same officials."""

    code = "official_not_replaced"
    title = "Penanda tangan sama dengan sebelumnya; tidak ada pergantian pejabat"
    legal_basis = "PermenPANRB 53/2014, Lampiran I"


class CrosscuttingUnitUnfit(Inadmissible):
    """A crosscutting unit is the entity itself, or is not in being on the day."""

    code = "crosscutting_unit_unfit"
    title = "Unit lintas sektor harus unit lain yang ada pada tanggal tersebut"


class TargetOutsideYear(Inadmissible):
    """A target begins, or has a period of the action plan, outside the agreement's year; or a period is repeated."""

    code = "target_outside_year"
    title = "Target harus berlaku di dalam tahun perjanjian kinerja dan periodenya tidak berulang"


# --- asking about the past -------------------------------------------------------------------------------------------


class KnownAtMalformed(Inadmissible):
    """`known_at` is neither a position, nor a date, nor an instant with its offset."""

    code = "known_at_malformed"
    title = "known_at harus berupa posisi, tanggal, atau waktu dengan zona"


class KnownAtInFuture(Inadmissible):
    """Nobody knows yet what will be known then."""

    code = "known_at_in_future"
    title = "known_at tidak boleh di masa depan"


class KnownAtBeforeFirst(Inadmissible):
    """Nothing had been recorded then; an empty answer would look as if nothing had happened."""

    code = "known_at_before_first"
    title = "Belum ada catatan pada known_at"


class ValidOnMalformed(Inadmissible):
    """`valid_on` is no date."""

    code = "valid_on_malformed"
    title = "valid_on harus berupa tanggal (TTTT-BB-HH)"


class CursorUnfit(Inadmissible):
    """The cursor is none, or that of another question; guessing on would skip or repeat items."""

    code = "cursor_unfit"
    title = "Kursor tidak berasal dari jawaban atas pertanyaan ini"


class NothingRecorded(Unknown):
    """Nothing is known, at that moment and on that day, of what is asked for."""

    code = "nothing_recorded"
    title = "Belum ada catatan tentang yang ditanyakan"


class NotFollowedYet(Conflict):
    """The read models did not reach the asked position in time."""

    code = "not_followed_yet"
    title = "Data baca belum mencapai posisi yang diminta, coba lagi"


# --- measurement -----------------------------------------------------------------------------------------------------


class PeriodOutsideYear(Inadmissible):
    """The period lies in another fiscal year than the measurement."""

    code = "period_outside_year"
    title = "Periode berada di luar tahun anggaran"


class PeriodUnfit(Inadmissible):
    """The indicator is not measured in periods of this length; only its own frequency or the whole year is."""

    code = "period_unfit"
    title = "Periode tidak sesuai dengan frekuensi pengukuran indikator"


class PeriodNotBegun(Inadmissible):
    """Nothing can have been realised in a period that has not begun."""

    code = "period_not_begun"
    title = "Periode belum dimulai"


class PeriodNotEnded(Inadmissible):
    """The figures of a period are submitted when it has ended, not before."""

    code = "period_not_ended"
    title = "Periode belum berakhir"


class NotYetDueToMeasure(Inadmissible):
    """The indicator is measured later in the year; until then there is no figure."""

    code = "not_yet_due_to_measure"
    title = "Indikator belum waktunya diukur"


class DueToMeasure(Inadmissible):
    """The indicator is due to be measured, so "not yet due" is no answer."""

    code = "due_to_measure"
    title = "Indikator sudah waktunya diukur"


class RealisedUnfit(Inadmissible):
    """A figure was given for a target on a ladder, or a label for a target in figures."""

    code = "realised_unfit"
    title = "Jenis realisasi tidak sesuai dengan jenis target"


class EvidenceInFuture(Inadmissible):
    """A piece of evidence bears a date after today."""

    code = "evidence_in_future"
    title = "Tanggal bukti dukung tidak boleh setelah hari ini"


class SourceMissing(Inadmissible):
    """A printed achievement is entered only from a publication that is named."""

    code = "source_missing"
    title = "Capaian terbitan hanya dapat dicatat beserta sumbernya"


class PeriodClosed(Conflict):
    """The period is submitted, verified or locked, and not reopened for the commitment on the day."""

    code = "period_closed"
    title = "Periode sudah diajukan atau dikunci"


class PeriodIncomplete(Conflict):
    """A commitment that is due in the period has no answer yet."""

    code = "period_incomplete"
    title = "Realisasi periode ini belum lengkap"


class PeriodNotSubmitted(Conflict):
    """Only submitted figures are verified or returned."""

    code = "period_not_submitted"
    title = "Realisasi periode ini belum diajukan"


class PeriodNotVerified(Conflict):
    """Only verified figures are locked."""

    code = "period_not_verified"
    title = "Realisasi periode ini belum diverifikasi"


class PeriodNotLocked(Conflict):
    """Only a locked period is reopened."""

    code = "period_not_locked"
    title = "Periode ini belum dikunci"


class TermEndsBeforeStart(Inadmissible):
    """A term that is set now ends before it begins."""

    code = "term_ends_before_start"
    title = "Batas waktu tidak boleh sebelum hari penetapannya"


class InspectorateNeverVerifies(NotAllowed):
    """The Inspektorat evaluates the figures later, so it does not verify them now."""

    code = "inspectorate_never_verifies"
    title = "Inspektorat tidak memverifikasi realisasi yang kelak dievaluasinya"


# --- report ----------------------------------------------------------------------------------------------------------


class MeasurementNotLocked(Conflict):
    """The last period of the year is not locked yet; before that a report opens only by a decision with a reason."""

    code = "measurement_not_locked"
    title = "Pengukuran periode terakhir tahun ini belum dikunci"


class UnitReportsNotAccepted(Conflict):
    """The institution's report is compiled from accepted unit reports."""

    code = "unit_reports_not_accepted"
    title = "Laporan instansi disusun dari laporan unit yang sudah diterima"
    legal_basis = "PermenPANRB 53/2014, Lampiran II"


class ReportNotCompiled(Conflict):
    """There are no figures yet that could be reviewed or submitted."""

    code = "report_not_compiled"
    title = "Laporan kinerja belum disusun"


class ReportNotReviewed(Conflict):
    """The institution's report is reviewed by APIP, as last compiled, before it is signed."""

    code = "report_not_reviewed"
    title = "Laporan kinerja instansi belum direviu APIP"
    legal_basis = "PermenPANRB 53/2014"


class ReportAlreadySubmitted(Conflict):
    """The report was submitted (or published) and not returned; it stands as it is."""

    code = "report_already_submitted"
    title = "Laporan kinerja sudah disampaikan"


class ReportNotSubmitted(Conflict):
    """Only a submitted report is returned or accepted."""

    code = "report_not_submitted"
    title = "Laporan kinerja belum disampaikan"


class ReportAlreadyAccepted(Conflict):
    """The report was accepted; it does not change any more."""

    code = "report_already_accepted"
    title = "Laporan kinerja sudah diterima"


class ReportNotAccepted(Conflict):
    """Only an accepted report is sent outside."""

    code = "report_not_accepted"
    title = "Laporan kinerja belum diterima"


class NotInstitutionReport(Inadmissible):
    """Only the institution's own report is sent outside and compiled from the reports of units."""

    code = "not_institution_report"
    title = "Hanya berlaku untuk laporan kinerja instansi"
    legal_basis = "PermenPANRB 53/2014, Lampiran II"


# --- evaluation -------------------------------------------------------------------------------------------------------


class EvaluationNotAssigned(Conflict):
    """Without an assignment there is no evaluation year, and so no rule to mark by."""

    code = "evaluation_not_assigned"
    title = "Evaluasi belum ditugaskan"
    legal_basis = "PermenPANRB 88/2021"


class EvaluationRuleUnknown(Unknown):
    """No rulebook holds for the evaluation year."""

    code = "evaluation_rule_unknown"
    title = "Tidak ada aturan evaluasi untuk tahun evaluasi ini"


class EvaluationYearFixed(Conflict):
    """Marks were given under the rule of the assigned evaluation year; it does not change any more."""

    code = "evaluation_year_fixed"
    title = "Tahun evaluasi tidak dapat diubah setelah ada penilaian"


class EvaluationYearTooEarly(Inadmissible):
    """A performance year cannot be evaluated before it begins."""

    code = "evaluation_year_too_early"
    title = "Tahun evaluasi mendahului tahun kinerja"


class TeamRoleUnfit(Inadmissible):
    """A member of the team has a role that does not evaluate."""

    code = "team_role_unfit"
    title = "Peran anggota tim bukan peran evaluator"
    legal_basis = "PermenPANRB 88/2021"


class NotInTeam(NotAllowed):
    """Only a member of the assigned team marks."""

    code = "not_in_team"
    title = "Anda tidak termasuk dalam tim evaluasi yang ditugaskan"
    legal_basis = "PermenPANRB 88/2021"


class SubComponentUnknown(Unknown):
    """The assigned rule has no such sub-component."""

    code = "sub_component_unknown"
    title = "Subkomponen tidak ada dalam aturan evaluasi"


class MarkUnfit(Inadmissible):
    """The grade is not one of the rule's, or the score is outside 0 to the weight."""

    code = "mark_unfit"
    title = "Nilai tidak sesuai dengan aturan evaluasi"


class IncompleteEvaluation(Conflict):
    """A sub-component is not marked: there is no total and no predicate to issue."""

    code = "incomplete_evaluation"
    title = "Belum semua subkomponen dinilai"
    legal_basis = "PermenPANRB 88/2021"


class LheAlreadyIssued(Conflict):
    """The LHE was issued; marks, team and score do not change any more."""

    code = "lhe_already_issued"
    title = "LHE sudah diterbitkan"


class FindingNumberTaken(Inadmissible):
    """Each recommendation of a performance year has a number of its own."""

    code = "finding_number_taken"
    title = "Nomor rekomendasi sudah dipakai"


class RepeatUnfit(Inadmissible):
    """A repeat names no earlier recommendation, such as `2023.dinkes.r4`."""

    code = "repeat_unfit"
    title = "Temuan berulang harus merujuk rekomendasi yang lebih dahulu"


class ResultDatesUnfit(Inadmissible):
    """A LHE is not received before it is issued, and neither lies in the future."""

    code = "result_dates_unfit"
    title = "Tanggal terbit atau tanggal terima LHE tidak mungkin"


class ExternalResultRecorded(Conflict):
    """The external result with that number was entered before."""

    code = "external_result_recorded"
    title = "Hasil evaluasi dengan nomor ini sudah dicatat"


class TotalOutOfRange(Inadmissible):
    """A total lies between 0 and 100."""

    code = "total_out_of_range"
    title = "Nilai harus 0 sampai 100"


# --- follow-up --------------------------------------------------------------------------------------------------------


class NotOwner(NotAllowed):
    """The unit does not own the recommendation."""

    code = "not_owner"
    title = "Unit ini bukan penanggung jawab rekomendasi"


class RecommendationClosed(Conflict):
    """The recommendation is closed; only false evidence reopens it."""

    code = "recommendation_closed"
    title = "Rekomendasi sudah selesai"


class RecommendationStillOpen(Conflict):
    """Only a closed recommendation is reopened."""

    code = "recommendation_still_open"
    title = "Rekomendasi belum selesai"


class ReceivedInFuture(Inadmissible):
    """A LHE is received today or earlier; its days run from then."""

    code = "received_in_future"
    title = "Tanggal terima tidak boleh setelah hari ini"


class FollowUpRuleNotAdopted(Conflict):
    """No follow-up rule gives the words for a result."""

    code = "follow_up_rule_not_adopted"
    title = "Belum ada aturan tindak lanjut yang diadopsi"
    legal_basis = "PermenPANRB 88/2021 Pasal 6"


class ResultUnknown(Unknown):
    """The rule's vocabulary has no such result."""

    code = "result_unknown"
    title = "Hasil tindak lanjut tidak ada dalam aturan"


class NoResultProposed(Conflict):
    """No result waits for a second approval."""

    code = "no_result_proposed"
    title = "Tidak ada usulan hasil yang menunggu persetujuan"


class ResultAwaitsApproval(Conflict):
    """A result waits for the second person; until that decision nothing else is reported or proposed."""

    code = "result_awaits_approval"
    title = "Usulan hasil masih menunggu persetujuan"


class EvidenceMissing(Inadmissible):
    """A closure is overturned only by evidence that it was false."""

    code = "evidence_missing"
    title = "Pembukaan kembali memerlukan bukti"


class CarriedBackward(Inadmissible):
    """A recommendation is carried into a year after its own."""

    code = "carried_backward"
    title = "Rekomendasi hanya dapat dibawa ke tahun berikutnya"


class RepeatsItself(Inadmissible):
    """A recommendation is not its own repeat."""

    code = "repeats_itself"
    title = "Rekomendasi tidak dapat menjadi ulangan dirinya sendiri"


class RecommendationUnknown(Unknown):
    """There is no such recommendation."""

    code = "recommendation_unknown"
    title = "Rekomendasi tidak dikenal"


# --- obligation -------------------------------------------------------------------------------------------------------


class DueDateUnknown(Conflict):
    """No due date is known: the duty is neither late nor on time, and nothing can be moved."""

    code = "due_date_unknown"
    title = "Jatuh tempo belum diketahui"


class TermNotForward(Inadmissible):
    """An extension moves a due date only to a later day."""

    code = "term_not_forward"
    title = "Perpanjangan harus ke tanggal yang lebih akhir"


class AnchorOutsideYear(Inadmissible):
    """The day that a term runs from is years away from the duty's fiscal year."""

    code = "anchor_outside_year"
    title = "Tanggal awal jangka waktu terlalu jauh dari tahun anggaran"


class ObligationSettled(Conflict):
    """The duty is met or waived."""

    code = "obligation_settled"
    title = "Kewajiban sudah dipenuhi atau dibebaskan"


class MetInFuture(Inadmissible):
    """A duty is met today or earlier."""

    code = "met_in_future"
    title = "Tanggal pemenuhan tidak boleh setelah hari ini"


class NothingSubmitted(Conflict):
    """Nothing is pending that could be returned."""

    code = "nothing_submitted"
    title = "Tidak ada penyampaian yang dapat dikembalikan"


class NotOverdueYet(Conflict):
    """The due date has not passed."""

    code = "not_overdue_yet"
    title = "Jatuh tempo belum lewat"


class SubmissionPending(Conflict):
    """What was submitted in time is still examined, or is being corrected within its term."""

    code = "submission_pending"
    title = "Penyampaian yang tepat waktu masih diperiksa atau diperbaiki"


# --- allowance hold ---------------------------------------------------------------------------------------------------


class HoldRuleNotAdopted(Conflict):
    """No adopted local rule allows a hold on that day; without one late units are only listed."""

    code = "hold_rule_not_adopted"
    title = "Tidak ada aturan daerah yang berlaku untuk penundaan TPP"
    legal_basis = "PP 12/2019 Pasal 58"


class ObligationUnknown(Unknown):
    """There is no such duty."""

    code = "obligation_unknown"
    title = "Kewajiban tidak dikenal"


class DutyNoTrigger(Conflict):
    """Lateness in this duty leads to no hold under the adopted rule."""

    code = "duty_no_trigger"
    title = "Kewajiban ini bukan pemicu penundaan TPP"


class DutyNotOverdue(Conflict):
    """The duty is not overdue, or is met or waived: there is nothing to hold for."""

    code = "duty_not_overdue"
    title = "Kewajiban tidak sedang terlambat"


class DutyNotSettled(Conflict):
    """A proposal lapses only because the duty was met or waived."""

    code = "duty_not_settled"
    title = "Kewajiban belum dipenuhi"


class GraceNotOver(Conflict):
    """The rule's grace after the due date is still running."""

    code = "grace_not_over"
    title = "Masa tenggang belum berakhir"


class HoldAlreadyProposed(Conflict):
    """One overdue duty leads to one hold, and this one was proposed before."""

    code = "hold_already_proposed"
    title = "Penundaan TPP untuk kewajiban ini sudah diusulkan"


class HoldAlreadyDecided(Conflict):
    """The proposal was decided on, or has lapsed."""

    code = "hold_already_decided"
    title = "Usulan penundaan TPP sudah diputus atau gugur"


class HoldAlreadyRecommended(Conflict):
    """The proposal was put forward before."""

    code = "hold_already_recommended"
    title = "Usulan penundaan TPP sudah direkomendasikan"


class HoldNotRecommended(Conflict):
    """Nobody has put the proposal forward."""

    code = "hold_not_recommended"
    title = "Usulan penundaan TPP belum direkomendasikan"


class NoticeAlreadyServed(Conflict):
    """The unit was given notice before."""

    code = "notice_already_served"
    title = "Pemberitahuan sudah disampaikan"


class NoticeNotServed(Conflict):
    """The unit was not given notice."""

    code = "notice_not_served"
    title = "Pemberitahuan belum disampaikan"


class NoticeStillRunning(Conflict):
    """The unit may still answer."""

    code = "notice_still_running"
    title = "Masa jawab pemberitahuan belum berakhir"


class HoldNotImposed(Conflict):
    """Nothing is held (any more)."""

    code = "hold_not_imposed"
    title = "Tidak ada TPP yang sedang ditahan"


class PersonNotHit(Inadmissible):
    """The rule hits the head of the unit, and this person was not."""

    code = "person_not_hit"
    title = "Aturan hanya mengenai kepala unit pada saat itu"


class PersonRepeated(Inadmissible):
    """A person is named twice, which could add up to more than the whole."""

    code = "person_repeated"
    title = "Nama pegawai berulang"


class PersonNotHeld(Unknown):
    """Nothing of that person is held."""

    code = "person_not_held"
    title = "TPP pegawai ini tidak sedang ditahan"


class ShareAboveRule(Inadmissible):
    """More is held than the rule allows."""

    code = "share_above_rule"
    title = "Bagian TPP melebihi yang ditetapkan aturan"


class MonthUnfit(Inadmissible):
    """A month is repeated, before the duty was due, or more than a year ahead."""

    code = "month_unfit"
    title = "Bulan TPP berulang atau di luar batas"


class ObjectionTooLate(Conflict):
    """The term to object is over."""

    code = "objection_too_late"
    title = "Batas waktu keberatan sudah lewat"
    legal_basis = "UU 30/2014 Pasal 77"


class ObjectionAlreadyFiled(Conflict):
    """The same person or unit has objected before."""

    code = "objection_already_filed"
    title = "Keberatan sudah diajukan"
    legal_basis = "UU 30/2014 Pasal 77"


class NoObjectionPending(Conflict):
    """No such objection waits for a decision."""

    code = "no_objection_pending"
    title = "Tidak ada keberatan yang menunggu keputusan"


class ObjectionStillRunning(Conflict):
    """The term to decide the objection is not over."""

    code = "objection_still_running"
    title = "Batas waktu keputusan keberatan belum lewat"
    legal_basis = "UU 30/2014 Pasal 77"


class ObjectionNotDeemed(Conflict):
    """The rule does not let an objection count as granted by lapse of time."""

    code = "objection_not_deemed"
    title = "Aturan tidak mengenal keberatan yang dianggap dikabulkan"


class ObjectionDeemedGranted(Conflict):
    """The objection counts as granted since its term passed, and can be rejected no more."""

    code = "objection_deemed_granted"
    title = "Keberatan sudah dianggap dikabulkan karena lewat waktu"
    legal_basis = "UU 30/2014 Pasal 77"


class ReleaseUnfit(Inadmissible):
    """What is released does not fit the scope, or is more than what is held."""

    code = "release_unfit"
    title = "Pelepasan tidak sesuai dengan yang sedang ditahan"
