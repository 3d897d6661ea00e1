"""Who plays in the demo: the units and people of Kabupaten Contoh, a regency that does not exist."""

from typing import NamedTuple

from domain.actor import Role

INSTITUTION = "contoh"
HEAD_UNIT = "pemda"
ADMINISTRATOR = "admin"


class Unit(NamedTuple):
    """A unit, its name, the person at its head and the one who enters its figures."""

    id: str
    name: str
    head: str
    position: str
    operator: str


class Part(NamedTuple):
    """A role that a person plays, for a unit or for the institution."""

    person: str
    role: Role
    unit: str | None


UNITS = (
    Unit("setda", "Sekretariat Daerah", "ratna", "Sekretaris Daerah", "yusuf"),
    Unit("inspektorat", "Inspektorat Daerah", "hendra", "Inspektur", "lina"),
    Unit("bappeda", "Badan Perencanaan Pembangunan Daerah", "wahyu", "Kepala Badan", "tari"),
    Unit("bkad", "Badan Keuangan dan Aset Daerah", "surya", "Kepala Badan", "rini"),
    Unit("dinkes", "Dinas Kesehatan", "maya", "Kepala Dinas", "agus"),
    Unit("disdik", "Dinas Pendidikan", "bambang", "Kepala Dinas", "dewi"),
)

PEOPLE = {
    "admin": "Administrator Sistem",
    "bupati": "Arif Kusuma",
    "ratna": "Ratna Wulandari",
    "yusuf": "Yusuf Hidayat",
    "hendra": "Hendra Saputra",
    "lina": "Lina Marlina",
    "wahyu": "Wahyu Prasetyo",
    "tari": "Tari Astuti",
    "surya": "Surya Darma",
    "rini": "Rini Puspita",
    "maya": "Maya Sari",
    "agus": "Agus Salim",
    "bambang": "Bambang Irawan",
    "dewi": "Dewi Lestari",
    "kartika": "Kartika Ningrum",
    "fajar": "Fajar Nugroho",
    "sinta": "Sinta Permata",
    "eko": "Eko Wibowo",
    "nadia": "Nadia Rahma",
}

PARTS = (
    Part("bupati", Role.INSTITUTION_HEAD, None),
    Part("yusuf", Role.UNIT_OPERATOR, HEAD_UNIT),
    Part("ratna", Role.HOLD_AUTHORITY, "setda"),
    Part("kartika", Role.ORGANISATION_BUREAU, "setda"),
    Part("fajar", Role.ORGANISATION_BUREAU, "bappeda"),
    Part("tari", Role.PLANNING_OFFICE, "bappeda"),
    Part("hendra", Role.INSPECTOR, "inspektorat"),
    Part("sinta", Role.TEAM_LEAD, "inspektorat"),
    Part("eko", Role.TEAM_MEMBER, "inspektorat"),
    Part("rini", Role.TREASURY, "bkad"),
    Part("nadia", Role.AUDITOR, None),
)


def unit(identifier: str) -> Unit:
    """Return a unit of the cast."""
    return next(each for each in UNITS if each.id == identifier)


def verifier_of(identifier: str) -> str:
    """Return who verifies a unit's figures: Bagian Organisasi, and for its own secretariat somebody else."""
    return "fajar" if identifier in {"setda", HEAD_UNIT} else "kartika"
