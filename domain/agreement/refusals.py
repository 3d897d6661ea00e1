"""What an agreement refuses."""

from domain.errors import Conflict, Inadmissible


class AgreementAlreadySigned(Conflict):
    """The agreement of the entity and year is in force; from here on it is amended."""

    code = "agreement_already_signed"
    title = "Perjanjian kinerja tahun ini sudah ditandatangani"
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
