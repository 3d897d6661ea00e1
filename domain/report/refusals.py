"""What a report refuses."""

from domain.errors import Conflict, Inadmissible


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
