"""What a hold refuses."""

from domain.errors import Conflict, Inadmissible, Unknown


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
