"""What measurement refuses."""

from domain.errors import Conflict, Inadmissible


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
