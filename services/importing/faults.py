"""What is wrong with a published file: where it stands, a stable code, and a sentence for people."""

from typing import Final

from msgspec import Struct

MESSAGES: Final = {
    # a file or the folder as a whole
    "folder_unreadable": "Folder tidak dapat dibaca: {detail}",
    "no_known_file": "Tidak ada satu pun dari berkas yang dikenal: {detail}",
    "file_unreadable": "Berkas tidak dapat dibaca: {detail}",
    "file_too_large": "Berkas lebih dari {detail} bita",
    "header_missing": "Berkas tidak memiliki baris judul kolom",
    "header_not_utf8": "Baris judul kolom bukan teks UTF-8",
    "header_repeated": "Judul kolom berulang",
    "column_missing": "Kolom wajib tidak ada",
    "digest_changed": "Isi tidak sama lagi dengan yang diperiksa; sidiknya sekarang {detail}",
    # a row
    "too_many_rows": "Berkas lebih dari {detail} baris; sisanya tidak dibaca",
    "row_malformed": "Baris bukan CSV yang utuh: {detail}",
    "column_count": "Jumlah sel tidak sama dengan jumlah kolom: {detail}",
    "not_utf8": "Sel bukan teks UTF-8",
    "control_character": "Sel memuat karakter terlarang",
    "cell_too_long": "Sel lebih dari {detail} karakter",
    "cell_missing": "Sel wajib kosong",
    "year_unreadable": "Bukan satu tahun empat angka dari 2000 sampai 2100: {detail}",
    "date_unreadable": "Bukan tanggal dari 2000 sampai 2100 dalam bentuk 2024-02-28: {detail}",
    "total_unreadable": "Nilai bukan satu angka: {detail}",
    "total_out_of_range": "Nilai harus 0 sampai 100: {detail}",
    "no_rulebook": "Tidak ada aturan evaluasi untuk tahun {detail}",
    "regulation_contradicts_year": "Peraturan yang disebut bukan yang berlaku pada tahunnya: {detail}",
    "direction_unknown": "Arah indikator tidak dikenal: {detail}",
    "record_type_unknown": "Jenis baris tidak dikenal: {detail}",
    "row_contradicted": "Baris lain memuat angka yang berbeda untuk hal yang sama: {detail}",
    # worth knowing, and no error
    "file_ignored": "Berkas tidak dikenal dan diabaikan",
    "column_ignored": "Kolom tidak dikenal dan diabaikan",
    "regulation_unknown": "Peraturan tidak dikenal; dipakai aturan nasional tahunnya: {detail}",
    "components_differ": "Jumlah komponen berbeda dari nilai: {detail}",
    "entity_unknown": "Nama tidak ada dalam berkas alias, jadi tidak dicatat pada instansi mana pun: {detail}",
    "entity_out_of_date": "Alias tidak berlaku pada tahun baris ini, jadi baris tidak dicatat: {detail}",
    "not_an_entity": "Bukan instansi atau unit; hanya dicantumkan: {detail}",
    "document_unknown": "Jenis dokumen tidak ada dalam tabel dokumen: {detail}",
    "date_unknown": "Tanggal tidak dapat dipercaya, dihitung tidak diketahui: {detail}",
    "same_day": "Banyak baris bertanggal sama, mungkin unggahan massal: {detail}",
    "not_an_evaluation": "Bukan LHE AKIP, jadi hanya dicantumkan: {detail}",
}
"""A sentence for each code; a code never changes."""

SHOWN: Final = 120
"""How much of a cell is repeated in a message."""


class Fault(Struct, frozen=True, kw_only=True):
    """Something wrong or noteworthy; `line` counts from 1 in the file (null: the file), `column` is its heading."""

    file: str
    line: int | None
    column: str | None
    code: str
    message: str


def fault(code: str, file: str, line: int | None = None, column: str | None = None, *, detail: object = "") -> Fault:
    """Say what is wrong, with the sentence of its code."""
    heading = None if column is None else _shown(column)
    message = MESSAGES[code].format(detail=_shown(str(detail)))
    return Fault(file=file, line=line, column=heading, code=code, message=message)


def _shown(text: str) -> str:
    """Return a text that can be printed anywhere, cut where it is long."""
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "�" for character in cut)
