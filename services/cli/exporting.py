"""`sakip export`: one year as a file that can be checked elsewhere."""

from pathlib import Path

import click
import msgspec

from services.bundle import BundleRefusedError, Manifest, write_bundle
from services.cli.opened import existing
from services.cli.progress import positions
from services.event_log.checkpoint import last_signed
from services.event_log.note import NoteUnsoundError
from services.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="Tahun kinerja.")
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Checkpoint terdahulu yang harus dilanjutkan log ini.",
)
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def export(settings: Settings, file: Path, institution: str, year: int, since: Path | None, as_json: bool) -> None:
    """Tulis satu tahun ke FILE: peristiwa, teks, aturan, sidik bukti dukung, checkpoint terakhir, dan buktinya."""
    try:
        with (
            existing(settings, institution) as system,
            positions("Menulis", system.log.head(institution)) as progress,
        ):
            manifest = write_bundle(
                system,
                institution,
                year,
                file,
                checkpoint=last_signed(settings.checkpoints, institution),
                since=None if since is None else since.read_text(encoding="utf-8"),
                progress=progress,
            )
    except (BundleRefusedError, NoteUnsoundError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(msgspec.json.encode(manifest) if as_json else _told(manifest))


def _told(manifest: Manifest) -> str:
    held = (
        f"{manifest.events} catatan, {manifest.texts} teks, {manifest.files} berkas, {len(manifest.rulebooks)} aturan"
    )
    lines = [f"{manifest.institution} {manifest.year}: {held}; bukti menuju akar {manifest.size} catatan"]
    if not manifest.signed:
        lines.append("Tidak ada checkpoint bertanda tangan: jalankan `sakip checkpoint sign` lebih dahulu.")
    if manifest.left_out:
        lines.append(f"{manifest.left_out} catatan sesudah checkpoint tidak ikut; tanda tangani lagi untuk memuatnya.")
    if manifest.rulebooks_missing:
        lines.append(f"Aturan yang berkasnya tidak ada: {', '.join(manifest.rulebooks_missing)}")
    return "\n".join([*lines, "Yang tidak dibuktikan:", *(f"- {each}" for each in manifest.not_shown)])
