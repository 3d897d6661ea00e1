"""Every refusal of the domain, drawn once: what is refused, in which words, on which legal basis.

A refusal changes nothing. Its `code` is for machines and never changes; `title` is for people; `fields` name the values
concerned. How a refusal is shown to a client is decided in `services/http/problems.py`.
"""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - the name states what happened to the command
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
