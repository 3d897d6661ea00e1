"""What the institution itself refuses: units, people, years and rules."""

from domain.errors import Conflict, Inadmissible, NotAllowed, Unknown


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


class RulebookKindWrong(Inadmissible):
    """The rulebook rules something else."""

    code = "rulebook_kind_wrong"
    title = "Jenis aturan tidak sesuai dengan isi berkasnya"


class RulebookNotInForce(Conflict):
    """No rulebook of the kind is in force on the day that could end."""

    code = "rulebook_not_in_force"
    title = "Tidak ada aturan jenis ini yang berlaku pada tanggal tersebut"
