"""What a recommendation refuses."""

from domain.errors import Conflict, Inadmissible, NotAllowed, Unknown


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
