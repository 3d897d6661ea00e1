"""The command line: the same commands and queries as the API, and the work of whoever runs the system."""

import os
import sys

import click

from services.cli.command_verbs import stage_groups
from services.cli.console import calendar, institution, migrate_database, rulebooks, serve, token, worker
from services.cli.demonstration import demo
from services.cli.history import replay, verify
from services.cli.importing import import_data
from services.cli.query_verbs import query
from services.event_log.writer_lock import LogInUseError
from services.logs import configure_logs
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
    institution,
    token,
    rulebooks,
    calendar,
    import_data,
    replay,
    verify,
    demo,
    query,
    *stage_groups(),
):
    sakip.add_command(verb)


def main() -> None:
    """Run the command line."""
    try:
        sakip(prog_name="sakip")
    except LogInUseError as in_use:
        click.echo(f"Basis data sedang dipakai proses lain; jalankan lewat server (SAKIP_SERVER). {in_use}", err=True)
        sys.exit(2)
