"""What a duty refuses."""

from domain.errors import Conflict, Inadmissible


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
