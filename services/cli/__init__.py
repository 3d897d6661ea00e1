"""The command line: the same commands and queries as the API, and the work of whoever runs the system."""

import os
import sqlite3
import sys

import click
import httpx
import msgspec
from psycopg import Error as DatabaseError
from sqlalchemy.exc import SQLAlchemyError

from services.cli.command_verbs import stage_groups
from services.cli.console import calendar, institution, migrate_database, rulebooks, serve, token, worker
from services.cli.demonstration import demo
from services.cli.exporting import export
from services.cli.history import cause, diff, replay, verify
from services.cli.importing import import_data
from services.cli.lagging import show_lag
from services.cli.proving import checkpoint, proof
from services.cli.query_verbs import query
from services.cli.renewing import parked, rebuild
from services.cli.spoken import speak_indonesian
from services.event_log.storage_faults import StorageError, storage_error
from services.event_log.writer_lock import LogInUseError
from services.http.unreadable import fault_of
from services.logs import configure_logs, keep_standard_streams
from services.settings import settings_from


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="sakip")
@click.pass_context
def sakip(context: click.Context) -> None:
    """Akuntabilitas kinerja instansi pemerintah: setiap janji, realisasi, dan rekomendasi sebagai peristiwa."""
    try:
        context.obj = settings_from(os.environ)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    configure_logs("WARNING" if context.invoked_subcommand != "serve" else context.obj.log_level)


for verb in (
    serve,
    worker,
    migrate_database,
    rebuild,
    parked,
    institution,
    token,
    rulebooks,
    calendar,
    import_data,
    replay,
    diff,
    cause,
    verify,
    show_lag,
    checkpoint,
    proof,
    export,
    demo,
    query,
    *stage_groups(),
):
    sakip.add_command(verb)


def main() -> None:
    """Run the command line; what is wrong around it is told in one line, with exit code 2."""
    keep_standard_streams()
    speak_indonesian()
    try:
        sakip(prog_name="sakip")
    except LogInUseError:
        _give_up("Basis data sedang dipakai proses lain; jalankan lewat server itu (SAKIP_SERVER).")
    except (StorageError, SQLAlchemyError, DatabaseError, sqlite3.Error) as error:
        _give_up(_about_database(error))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        _give_up(f"Server tidak dapat dihubungi ({type(error).__name__}); periksa SAKIP_SERVER.")
    except msgspec.ValidationError as error:
        fault = fault_of(error)
        _give_up(f"Isian tidak sah: {fault.reason} ({fault.field})")


def _about_database(error: Exception) -> str:
    fault = storage_error(error)
    if fault is not None:
        return f"{fault.title} [{fault.code}]"
    return f"Basis data tidak dapat dipakai ({type(error).__name__}); periksa SAKIP_DATABASE_URL."


def _give_up(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)
