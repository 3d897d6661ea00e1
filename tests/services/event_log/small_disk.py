"""A small file system that is mounted for one test; whoever runs it needs the right to mount."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """Mount a file system in memory, such as of `2m`, that every account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="sakip-small-"))
    _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "-l", str(folder))
        folder.rmdir()


def resize(folder: Path, size: str) -> None:
    """Let it have more room, or less."""
    _run("mount", "-o", f"remount,size={size}", str(folder))


def make_read_only(folder: Path) -> None:
    """Let nobody write to it, whatever their rights; no file of it may be open for writing."""
    _run("mount", "-o", "remount,ro", str(folder))


@contextmanager
def no_room_at_all(folder: Path) -> Iterator[None]:
    """Fill it to the last byte with something else for a while."""
    file = folder / "something else"
    with file.open("wb", buffering=0) as filling, suppress(OSError):
        while filling.write(b"x" * 512):
            """Until there is no room."""
    yield
    file.unlink()


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    assert found, program
    subprocess.run([found, *arguments], check=True)
