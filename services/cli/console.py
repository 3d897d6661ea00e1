"""What whoever runs the system does at the machine itself: serve, found an institution, issue tokens."""

import json
from threading import Event
from typing import Any

import click
import msgspec
import uvicorn

from domain.actor import Role, system_actor
from domain.errors import Refusal
from domain.organisation.commands import FoundInstitution
from services.bootstrap import bootstrap
from services.calendar_proposal import propose_calendar
from services.cli.opened import existing, opened
from services.command_handler import Request
from services.http.app import create_app
from services.identity import new_command_id
from services.rulebooks import load_rulebooks
from services.sealing import read_command
from services.settings import Settings
from services.tasks import Pointers, open_broker, open_worker


@click.command()
@click.option("--host", help="Alamat yang dilayani (bawaan: SAKIP_HOST atau 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Porta (bawaan: SAKIP_PORT atau 8000).")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Layani API dan halaman; tanpa SAKIP_REDIS_URL alur kerja dan data baca berjalan dalam proses yang sama."""
    system = bootstrap(settings)
    if settings.redis_url is None:
        system.delivery.start()
    else:
        system.handler.on_append(Pointers(open_broker(settings.redis_url)).send)
    try:
        uvicorn.run(
            create_app(system),
            host=host or settings.host,
            port=settings.port if port is None else port,
            log_level=settings.log_level.lower(),
        )
    finally:
        system.close()


@click.command("migrate")
@click.pass_obj
def migrate_database(settings: Settings) -> None:
    """Bawa basis data ke skema terbaru; di PostgreSQL sebagai pemilik, lalu layani sebagai anggota sakip_app."""
    with opened(settings):
        pass
    click.echo("Skema sudah yang terbaru.")


@click.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Terima penunjuk dari antrean; alur kerja bereaksi dan data baca mengikuti."""
    if settings.redis_url is None:
        raise click.UsageError("SAKIP_REDIS_URL belum diisi")
    system = bootstrap(settings)
    receiving = open_worker(open_broker(settings.redis_url), system.delivery)
    receiving.start()
    system.delivery.start()
    try:
        Event().wait()
    except KeyboardInterrupt:
        click.echo("Berhenti.", err=True)
    finally:
        receiving.stop()
        system.close()


@click.command()
@click.argument("year", type=click.IntRange(2000, 2100))
def calendar(year: int) -> None:
    """Usulkan hari libur dan cuti bersama setahun sebagai JSON; yang berlaku adalah yang ditetapkan instansi."""
    click.echo(msgspec.json.encode(propose_calendar(year)))


@click.group()
def institution() -> None:
    """Instansi yang memakai sistem ini."""


@institution.command("found")
@click.argument("institution")
@click.option("--name", required=True, help="Nama instansi.")
@click.option("--level", required=True, help="kabupaten, kota, provinsi, atau kementerian.")
@click.option("--time-zone", default="Asia/Jakarta", show_default=True, help="Zona waktu instansi.")
@click.option("--head-unit", default="pemda", show_default=True, help="Kode instansi sebagai entitas akuntabilitas.")
@click.option("--effective-on", help="Tanggal berdirinya (bawaan: hari ini).")
@click.option("--administrator", required=True, help="Kode orang yang menjadi administrator pertama.")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def found(settings: Settings, /, as_json: bool, **fields: Any) -> None:  # noqa: ANN401 - the fields of the command
    """Mulai catatan sebuah instansi, dengan administrator pertamanya."""
    given = {name: value for name, value in fields.items() if value is not None}
    request = Request(
        institution=fields["institution"],
        command_id=new_command_id(),
        sealed=read_command(FoundInstitution, given, "console"),
        system=system_actor(Role.CONSOLE, "console"),
    )
    try:
        with opened(settings) as system:
            receipt = system.handler.handle(request)
            system.delivery.settle(fields["institution"])
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.title} [{refusal.code}]") from refusal
    message = {"institution": fields["institution"], "position": receipt.position}
    click.echo(
        json.dumps(message) if as_json else f"Instansi {fields['institution']} dimulai pada posisi {receipt.position}."
    )


@click.group()
def token() -> None:
    """Token pembawa untuk API dan halaman."""


@token.command("issue")
@click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
@click.option("--person", required=True, help="Kode orang yang diwakili token ini.")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def issue(settings: Settings, institution: str, person: str, as_json: bool) -> None:
    """Terbitkan satu token dan tampilkan sekali ini; yang disimpan hanya sidiknya."""
    with existing(settings, institution) as system:
        known = system.handler.institution(institution)
        if person not in known.people and person not in known.roles:
            raise click.UsageError(f"Orang tidak dikenal: {person}")
        secret = system.tokens.issue(institution, person)
    click.echo(json.dumps({"institution": institution, "person": person, "token": secret}) if as_json else secret)


@token.command("revoke")
@click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
@click.option("--person", required=True, help="Kode orang.")
@click.pass_obj
def revoke(settings: Settings, institution: str, person: str) -> None:
    """Cabut semua token seseorang."""
    with existing(settings, institution) as system:
        click.echo(f"{system.tokens.revoke_all(institution, person)} token dicabut.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def rulebooks(settings: Settings, as_json: bool) -> None:
    """Daftar aturan yang tersedia, dengan sidik isinya."""
    listed = load_rulebooks(settings.rulebooks).references
    if as_json:
        click.echo(msgspec.json.encode({"rulebooks": listed}))
        return
    for each in listed:
        click.echo(f"{each.name} v{each.version}  {each.digest}")
