"""`sakip replay` and `sakip verify`: what an auditor asks of the log itself."""

import json
from collections.abc import Sequence

import click
import msgspec
from rich.console import Console
from rich.progress import Progress

from domain.errors import Refusal
from services.bootstrap import bootstrap
from services.settings import Settings
from services.unsealing import encode_unsealed
from services.verification import Verdict
from services.verification import verify as verify_institution
from services.year_file import open_year_file
from services.year_print import print_year


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
    system = bootstrap(settings)
    try:
        system.delivery.settle(institution)
        file = open_year_file(system.reader, institution, year, unit=unit, known_at=known_at, valid_on=valid_on)
        encoded = encode_unsealed(file, lambda digests: system.log.texts(institution, digests))
    except Refusal as refusal:
        if as_json:
            click.echo(
                json.dumps({"code": refusal.code, "title": refusal.title, "fields": refusal.fields}, default=str)
            )
            raise SystemExit(1) from refusal
        raise click.ClickException(f"{refusal.title} [{refusal.code}]") from refusal
    finally:
        system.close()
    if as_json:
        click.echo(encoded)
    else:
        print_year(Console(), file)


@click.command()
@click.option("--institution", envvar="SAKIP_INSTITUTION", help="Hanya satu instansi (bawaan: semua).")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def verify(settings: Settings, institution: str | None, as_json: bool) -> None:
    """Periksa setiap catatan terhadap sidiknya dan data baca terhadap lipatan ulang; keluar 1 bila ada selisih."""
    system = bootstrap(settings)
    try:
        chosen = [institution] if institution else list(system.log.institutions())
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Memeriksa", total=len(chosen))
            verdicts = []
            for each in chosen:
                verdicts.append(verify_institution(system, each))
                progress.advance(task)
    finally:
        system.close()
    if as_json:
        click.echo(msgspec.json.encode({"institutions": verdicts, "sound": all(each.sound for each in verdicts)}))
    else:
        _print(verdicts)
    if not all(each.sound for each in verdicts):
        raise SystemExit(1)


def _print(verdicts: Sequence[Verdict]) -> None:
    for found in verdicts:
        fault = found.fault or ", ".join(found.differing)
        outcome = "utuh" if found.sound else f"SELISIH: {fault} (posisi {found.position})"
        click.echo(f"{found.institution}: {found.events} peristiwa, {outcome}")
    click.echo("Pemeriksaan ini tidak menunjukkan bahwa isi catatan benar, lengkap, atau bahwa ekornya tidak dipotong.")
