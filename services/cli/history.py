"""`sakip replay` and `sakip verify`: what an auditor asks of the log itself."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from domain.errors import Refusal, UnitUnknown
from services.bootstrap import System
from services.cli.opened import existing
from services.event_log.checkpoint import Checkpoint
from services.event_log.note import NoteUnsoundError
from services.indonesian import word
from services.settings import Settings
from services.signed_states import SignedStates
from services.unsealing import encode_unsealed
from services.verification import Verdict
from services.verification import verify as verify_institution
from services.year_file import open_year_file
from services.year_print import print_year

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="Tahun kinerja.")
@click.option("--unit", help="Hanya satu unit.")
@click.option("--known-at", help="Posisi, tanggal (akhir hari itu), atau waktu dengan zona: yang diketahui saat itu.")
@click.option("--valid-on", help="Tanggal yang ditanyakan (bawaan: hari known-at).")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def replay(
    settings: Settings,
    institution: str,
    year: int,
    unit: str | None,
    known_at: str | None,
    valid_on: str | None,
    as_json: bool,
) -> None:
    """Putar ulang satu tahun: keadaan sebagaimana diketahui pada suatu saat, dan peristiwa yang membentuknya."""
    try:
        with existing(settings, institution) as system:
            _demand_unit(system, institution, unit)
            file = open_year_file(system.reader, institution, year, unit=unit, known_at=known_at, valid_on=valid_on)
            encoded = encode_unsealed(file, lambda digests: system.log.texts(institution, digests))
    except Refusal as refusal:
        if as_json:
            told = {"code": refusal.code, "title": refusal.title, "fields": refusal.fields}
            click.echo(json.dumps(told, ensure_ascii=False, default=str))
            raise SystemExit(1) from refusal
        raise click.ClickException(f"{refusal.title} [{refusal.code}]") from refusal
    if as_json:
        click.echo(encoded)
    else:
        print_year(Console(), file)


@click.command()
@click.option("--institution", envvar="SAKIP_INSTITUTION", help="Hanya satu instansi (bawaan: semua).")
@click.option("--checkpoint", "files", multiple=True, type=_FILE, help="Checkpoint dari luar; boleh beberapa.")
@click.option("--key", help="Kunci publik penanda tangan (bawaan: dari SAKIP_SIGNING_KEY).")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def verify(
    settings: Settings, institution: str | None, files: tuple[Path, ...], key: str | None, as_json: bool
) -> None:
    """Periksa catatan terhadap sidik dan checkpoint, data baca terhadap lipatan ulang; keluar 1 bila ada selisih."""
    try:
        with existing(settings) as system:
            states = SignedStates(settings, files, key)
            known = {*system.log.institutions(), *states.institutions()}
            if institution is not None and institution not in known and not states.of(institution):
                raise click.UsageError(f"Instansi tidak dikenal: {institution}")
            if not known and institution is None:
                raise click.UsageError("Belum ada catatan yang dapat diperiksa.")
            chosen = [institution] if institution else sorted(known)
            if strangers := states.strangers(chosen):
                raise click.UsageError(f"checkpoint instansi lain: {', '.join(strangers)}")
            verdicts = [_verified(system, each, states.of(each)) for each in chosen]
    except (NoteUnsoundError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(msgspec.json.encode({"institutions": verdicts, "sound": all(each.sound for each in verdicts)}))
    else:
        _print(verdicts, checked=states.checked)
    if not all(each.sound for each in verdicts):
        raise SystemExit(1)


def _verified(system: System, institution: str, checkpoints: Sequence[Checkpoint]) -> Verdict:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Memeriksa {institution}", total=system.log.head(institution))
        return verify_institution(
            system, institution, checkpoints, lambda position: bar.update(task, completed=position)
        )


def _print(verdicts: Sequence[Verdict], *, checked: bool) -> None:
    for found in verdicts:
        click.echo(f"{found.institution}: {found.events} peristiwa, {_outcome(found)}")
        if found.signed is not None and not checked:
            click.echo("  tanda tangan checkpoint tidak diperiksa: kunci publiknya tidak diberikan")
    click.echo("Pemeriksaan ini tidak menunjukkan bahwa isi catatan benar, atau bahwa semuanya dicatat.")
    if any(found.signed is None for found in verdicts):
        click.echo(
            "Tanpa checkpoint dari luar basis data, ekor yang dipotong, cadangan lama yang dipulihkan, dan log yang"
            " seluruhnya ditulis ulang tidak kelihatan."
        )


def _outcome(found: Verdict) -> str:
    if found.sound:
        return "utuh" if found.signed is None else f"utuh, sesuai checkpoint sampai {found.signed}"
    if found.checkpoint is not None:
        return f"SELISIH: {word(found.fault)} (mulai posisi {found.position}, menurut checkpoint {found.checkpoint})"
    if found.fault is not None:
        return f"SELISIH: {word(found.fault)} (posisi {found.position})"
    return f"SELISIH: {', '.join(found.differing)}"


def _demand_unit(system: System, institution: str, unit: str | None) -> None:
    if unit is not None and unit not in system.handler.institution(institution).units:
        raise UnitUnknown(unit=unit)
