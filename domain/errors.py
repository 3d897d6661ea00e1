"""The kinds of refusal, drawn once, and the refusals that several stages share; the others stand in their stage.

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


class UnitUnknown(Unknown):
    """The institution has no such unit."""

    code = "unit_unknown"
    title = "Unit tidak dikenal"


class RulebookUnknown(Unknown):
    """No rulebook with that digest, name and version is at hand, so what it says is not known."""

    code = "rulebook_unknown"
    title = "Berkas aturan tidak dikenal"


class UnitNotInBeing(Conflict):
    """The unit does not exist on the day: not yet, or no more."""

    code = "unit_not_in_being"
    title = "Unit tidak ada pada tanggal tersebut"


class ReasonMissing(Inadmissible):
    """A transfer needs a reason, unless the unit that takes over is a recorded successor of the one before."""

    code = "reason_missing"
    title = "Pengalihan memerlukan alasan"


# --- agreement -------------------------------------------------------------------------------------------------------


class AgreementNotSigned(Conflict):
    """Only a signed agreement can be amended, rectified or measured."""

    code = "agreement_not_signed"
    title = "Perjanjian kinerja belum ditandatangani"
    legal_basis = "PermenPANRB 53/2014, Lampiran I"


class CommitmentUnknown(Unknown):
    """The agreement has no such commitment."""

    code = "commitment_unknown"
    title = "Komitmen tidak ada dalam perjanjian kinerja"


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


class MomentsReversed(Inadmissible):
    """The earlier of two moments lies after the later one."""

    code = "moments_reversed"
    title = "Saat yang lebih awal tidak boleh sesudah saat yang lebih akhir"


class DifferenceTooLarge(Inadmissible):
    """More events would have to be compared, one by one, than an answer waits for."""

    code = "difference_too_large"
    title = "Terlalu banyak peristiwa untuk satu jawaban; persempit ke satu unit atau rentang waktu yang lebih pendek"


class YearFileTooLarge(Inadmissible):
    """The file of a year of all units holds more events than an answer waits for."""

    code = "year_file_too_large"
    title = "Berkas tahun itu terlalu besar untuk satu jawaban; minta per unit, atau gunakan sakip replay"


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


class RowsOutdated(Conflict):
    """The rows were written by another version of the program, or none was folded yet: they will be."""

    code = "rows_outdated"
    title = "Data baca sedang disusun ulang, coba lagi"


class ReadModelParked(Conflict):
    """A read model stopped under a key at an event that it failed at; what it would answer is not known.

    A repetition helps only once somebody has mended the program and let the key go on.
    """

    code = "read_model_parked"
    title = "Data baca berhenti pada suatu peristiwa yang gagal diolah"


# --- measurement -----------------------------------------------------------------------------------------------------


class TermEndsBeforeStart(Inadmissible):
    """A term that is set now ends before it begins."""

    code = "term_ends_before_start"
    title = "Batas waktu tidak boleh sebelum hari penetapannya"


class InspectorateNeverVerifies(NotAllowed):
    """The Inspektorat evaluates the figures later, so it does not verify them now."""

    code = "inspectorate_never_verifies"
    title = "Inspektorat tidak memverifikasi realisasi yang kelak dievaluasinya"


# --- obligation -------------------------------------------------------------------------------------------------------


class DueDateUnknown(Conflict):
    """No due date is known: the duty is neither late nor on time, and nothing can be moved."""

    code = "due_date_unknown"
    title = "Jatuh tempo belum diketahui"


class TermNotForward(Inadmissible):
    """An extension moves a due date only to a later day."""

    code = "term_not_forward"
    title = "Perpanjangan harus ke tanggal yang lebih akhir"
