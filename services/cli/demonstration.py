"""`sakip demo`: real figures imported, a live year played, both shown, then served."""

import signal
import sys
import tempfile
from pathlib import Path

import click
import msgspec
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from domain.event import Origin
from services.bootstrap import System, bootstrap
from services.cli.importing import import_folder
from services.demo.cast import INSTITUTION
from services.demo.chapters import CHAPTERS
from services.demo.live_year import play
from services.demo.summary import print_summary
from services.http.app import create_app
from services.settings import Settings

FACTS = Path(__file__).parents[1] / "demo" / "facts"
AUDITOR = "nadia"
WIDTH_OF_FILES = 140


@click.command()
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FACTS, help="Folder CSV."
)
@click.option("--no-serve", is_flag=True, help="Berhenti setelah ringkasan, tanpa melayani.")
@click.option("--port", type=click.IntRange(0, 65535), help="Porta (bawaan: SAKIP_PORT atau 8000).")
@click.pass_obj
def demo(settings: Settings, data: Path, no_serve: bool, port: int | None) -> None:
    """Perlihatkan satu siklus utuh pada basis data sementara, lalu layani."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_FILES)
    with tempfile.TemporaryDirectory(prefix="sakip-demo-") as folder:
        scratch = msgspec.structs.replace(settings, database_url=f"sqlite:///{folder}/demo.db", redis_url=None)
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        ) as progress:
            import_folder(scratch, data, progress)
            task = progress.add_task("Tahun simulasi", total=len(CHAPTERS) + 1)

            def told(what: str) -> None:
                chapter = not what[:1].isdigit()
                progress.update(task, description=f"Tahun simulasi: {what}", advance=1 if chapter else 0)

            play(scratch, told)
        system = bootstrap(scratch, origin=Origin.SIMULATED)
        try:
            imported = [each for each in system.log.institutions() if each != INSTITUTION]
            print_summary(console, system, imported)
            if not no_serve:
                _serve(console, system, scratch, port)
        finally:
            system.close()


def _serve(console: Console, system: System, settings: Settings, port: int | None) -> None:
    chosen = settings.port if port is None else port
    address = f"http://{settings.host}:{chosen}"
    token = system.tokens.issue(INSTITUTION, AUDITOR)
    console.rule("[bold]Layanan")
    console.print(f"Masuk dahulu: {address}/masuk  ·  halaman: {address}/  ·  API: {address}/api/v1/docs")
    console.print(f"Token auditor Kabupaten Contoh: {token}")
    system.delivery.start(keep_time=False)  # the story is over, and ends where the summary says
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))  # so that the scratch folder goes, too
    uvicorn.run(create_app(system), host=settings.host, port=chosen, log_level="warning")
