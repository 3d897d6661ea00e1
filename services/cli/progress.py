"""The bar of long work that goes through a log, on the error output."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def positions(told: str, last: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is until a last position; yield what it is told each position with that was reached."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(told, total=last)
        yield lambda position: bar.update(task, completed=position)
