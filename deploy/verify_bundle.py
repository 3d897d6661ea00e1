"""Checks a bundle of `sakip export` by itself: Python 3.11 and the `cryptography` package, no other file, no database.

    python3 verify_bundle.py BUNDLE.zip [--key KEY] [--checkpoint FILE] [--json]

KEY is the public key of the signer as he gave it to you himself, FILE a checkpoint that you had from elsewhere: the log
in the bundle has to be the same or carry it on. Exit code 0: all agrees; 1: something doesn't, and the first bad
position is named; 2: wrong usage.

What is computed. A leaf is a row of fields; a field is its length (four bytes, big-endian) and its bytes, a null is
`ff ff ff ff`: the text `leaf.v1`, institution, position, stream, version, fiscal year, type, recorded_at (microseconds
since 1970 UTC), effective_on, origin, actor id, role and unit, command id, index, causation, correlation, and the
SHA-256 of the payload. Text is UTF-8, an integer eight bytes. The leaf hash is SHA-256(00 ‖ leaf), a node
SHA-256(01 ‖ left ‖ right); the tree and its proofs are those of RFC 6962, a checkpoint is a signed note of C2SP.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "sakip-bundle.v1"
FIELDS = (
    *("institution", "position", "stream", "version", "fiscal_year", "type", "recorded_at", "effective_on", "origin"),
    *("actor_id", "actor_role", "actor_unit", "command_id", "index", "causation", "correlation", "payload"),
)
NOT_SHOWN = (
    "bahwa isi suatu catatan benar",
    "bahwa semua yang terjadi dicatat, atau dicatat tepat waktu: yang dibuktikan hanya yang tercatat",
    "bahwa bundel memuat semua catatan tahun itu, selain versi yang berurutan di dalam setiap aliran",
    "bahwa ekor log tidak dipotong sesudah checkpoint",
)
UNSIGNED = "bahwa log tidak ditulis ulang seluruhnya: tidak ada {} dari luar untuk membandingkannya"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGEST = re.compile(r"[0-9a-f]{64}")


class Fault(Exception):
    """Something in the bundle does not agree; `position` is that of the event concerned, if it is one."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


class State(NamedTuple):
    """A log of `size` entries with a root."""

    origin: str
    size: int
    root: bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one bundle, say what came of it, and return the exit code."""
    parser = argparse.ArgumentParser(description="Periksa bundel SAKIP tanpa program dan basis datanya.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", help="kunci publik penanda tangan, diterima langsung darinya")
    parser.add_argument("--checkpoint", type=Path, help="checkpoint dari luar, misalnya dari berita acara")
    parser.add_argument("--json", action="store_true", help="hasil sebagai satu objek JSON")
    asked = parser.parse_args(arguments)
    found: dict[str, Any] = {"sound": True, "position": None, "reason": None, "not_shown": list(NOT_SHOWN)}
    try:
        outside = None if asked.checkpoint is None else asked.checkpoint.read_text(encoding="utf-8")
        with ZipFile(asked.bundle) as bundle:
            found |= check(bundle, asked.key, outside)
    except Fault as fault:
        found |= {"sound": False, "position": fault.position, "reason": fault.reason}
    except Exception as error:  # noqa: BLE001 - whatever a forger made of it, it is not sound
        found |= {"sound": False, "reason": f"bundel tidak dapat dibaca: {type(error).__name__}: {error}"}
    print(json.dumps(found, ensure_ascii=False) if asked.json else told(found))
    return 0 if found["sound"] else 1


def told(found: dict[str, Any]) -> str:
    """Return the outcome for people."""
    if found["sound"]:
        held = f"{found['events']} catatan, {found['texts']} teks, {found['rulebooks']} aturan"
        lines = [
            f"UTUH: {found['institution']} {found['year']}, {held}; akar {found['root']} dari {found['size']} catatan"
        ]
        lines += [f"- {each}" for each in found["notes"]]
    else:
        place = "" if found["position"] is None else f" pada posisi {found['position']}"
        lines = [f"TIDAK COCOK{place}: {found['reason']}"]
    return "\n".join([*lines, "Yang TIDAK ditunjukkan bukti ini:", *(f"- {each}" for each in found["not_shown"])])


def check(bundle: ZipFile, key: str | None, outside: str | None) -> dict[str, Any]:
    """Check everything in a bundle and return what is in it; raise `Fault` at the first thing that doesn't agree."""
    manifest = json.loads(bundle.read("manifest.json"))
    if manifest.get("format") != FORMAT:
        raise Fault(f"bukan bundel {FORMAT}")
    state = State("", int(manifest["size"]), bytes.fromhex(manifest["root"]))
    names, notes = set(bundle.namelist()), []
    if "checkpoint.txt" in names:
        signed = read_checkpoint(bundle.read("checkpoint.txt").decode(), key)
        demand(signed[1:] == state[1:], "checkpoint bukan dari pohon yang dituju bukti")
        demand(signed.origin.endswith(f"/{manifest['institution']}"), f"checkpoint milik {signed.origin}")
        notes.append(
            f"checkpoint {signed.origin}: tanda tangan {'cocok' if key else 'TIDAK diperiksa, --key tidak ada'}"
        )
    else:
        demand(not manifest["signed"], "checkpoint.txt hilang")
        demand(key is None, "bundel ini tidak ditandatangani")
    notes += check_earlier(bundle, names, state, key, outside)
    events = Events(manifest["institution"], int(manifest["year"]), state)
    for line in lines(bundle, "events.jsonl"):
        events.check(line)
    demand(events.count == manifest["events"], f"{events.count} catatan, bukan {manifest['events']}")
    texts = check_texts(bundle, events.digests)
    demand(texts == manifest["texts"], f"{texts} teks, bukan {manifest['texts']}")
    rulebooks = check_rulebooks(bundle, names, events.rules, notes)
    demand(list(lines(bundle, "files.jsonl")) == events.files, "daftar sidik berkas bukan yang disebut catatan")
    if manifest["left_out"]:
        notes.append(f"{manifest['left_out']} catatan sesudah checkpoint tidak ikut")
    missing = [] if "checkpoint.txt" in names and key else ["checkpoint bertanda tangan yang kuncinya dikenal"]
    return {
        "institution": manifest["institution"],
        "year": manifest["year"],
        "size": state.size,
        "root": state.root.hex(),
        "events": events.count,
        "texts": texts,
        "rulebooks": rulebooks,
        "notes": notes,
        "not_shown": [*NOT_SHOWN, *(UNSIGNED.format(each) for each in missing)],
    }


def demand(agreed: bool, reason: str, position: int | None = None) -> None:  # noqa: FBT001 - it is what is demanded
    """Raise `Fault` where something does not agree."""
    if not agreed:
        raise Fault(reason, position)


def lines(bundle: ZipFile, name: str) -> Iterator[Any]:
    """Yield the lines of a file of JSON lines."""
    with bundle.open(name) as file:
        for line in file:
            yield json.loads(line)


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Events:
    """The events so far, in the order of their positions, and what they cite."""

    def __init__(self, institution: str, year: int, state: State) -> None:
        self.count = 0
        self.digests: set[str] = set()
        self.rules: set[str] = set()
        self.files: list[dict[str, Any]] = []
        self._institution, self._year, self._state = institution, year, state
        self._whole = re.compile(rf"organisation|[a-z_]+/[^/]+/{year}|[a-z_]+/{year}\..+")
        self._last: dict[str, Any] = {"position": 0, "recorded_at": EPOCH}
        self._versions: dict[str, int] = {}

    def check(self, event: dict[str, Any]) -> None:
        """Check the next event."""
        position = int(event["position"])
        leaf = hashlib.sha256(b"\x00" + leaf_of(event)).digest()
        demand(leaf.hex() == event["leaf_hash"], "isi catatan tidak cocok dengan sidiknya", position)
        path = [bytes.fromhex(each) for each in event["proof"]]
        demand(0 < position <= self._state.size, "posisi di luar pohon", position)
        root = included(position - 1, self._state.size, leaf, path)
        demand(root == self._state.root, "catatan tidak ada dalam pohon yang ditandatangani", position)
        self._check_order(event, position)
        self._cite(position, json.loads(event["payload"]))
        self.count += 1

    def _check_order(self, event: dict[str, Any], position: int) -> None:
        stream, version = event["stream"], event["version"]
        demand(event["institution"] == self._institution, "catatan instansi lain", position)
        mine = event["fiscal_year"] == self._year or stream == "organisation"
        demand(mine, "catatan tahun lain", position)
        demand(position > self._last["position"], "posisi tidak berurutan", position)
        recorded_at = instant(event["recorded_at"])
        demand(recorded_at >= self._last["recorded_at"], "waktu pencatatan mundur", position)
        before = self._versions.get(stream, 0)
        follows = version == before + 1 if self._whole.fullmatch(stream) else version > before
        demand(follows, f"versi {version} dari {stream} sesudah {before}: ada yang tidak ikut", position)
        self._versions[stream] = version
        self._last = {"position": position, "recorded_at": recorded_at}

    def _cite(self, position: int, content: object) -> None:
        """Take in, from the outside inwards and in the order of writing, what a payload cites."""
        if isinstance(content, str) and DIGEST.fullmatch(content):
            self.digests.add(content)
        if isinstance(content, dict):
            if content.keys() == {"name", "version", "digest"}:
                self.rules.add(content["digest"])
            if DIGEST.fullmatch(str(content.get("file"))):
                known = {name: content.get(name) for name in ("file", "name", "dated")}
                self.files.append({"position": position, **known})
            content = list(content.values())
        for each in content if isinstance(content, list) else ():
            self._cite(position, each)


def leaf_of(event: dict[str, Any]) -> bytes:
    """Return the bytes under the hash of an event."""
    values = [event[name] for name in FIELDS]
    values[FIELDS.index("recorded_at")] = (instant(event["recorded_at"]) - EPOCH) // timedelta(microseconds=1)
    values[FIELDS.index("payload")] = hashlib.sha256(event["payload"].encode()).digest()
    return b"".join(map(field, ["leaf.v1", *values]))


def field(value: object) -> bytes:
    """Return one field of a leaf."""
    match value:
        case None:
            return b"\xff\xff\xff\xff"
        case str():
            content = value.encode()
        case bytes():
            content = value
        case int():
            content = value.to_bytes(8, "big", signed=True)
        case _:
            raise TypeError(f"kolom berisi {type(value).__name__}")
    return len(content).to_bytes(4, "big") + content


def instant(text: str) -> datetime:
    """Return the instant of an ISO text with its offset."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"waktu tanpa zona: {text}")
    return found


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two nodes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the greatest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def included(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to, or None where it is too short or too long."""
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    middle = split(size)
    if index < middle:
        left = included(index, middle, leaf, path[:-1])
        return None if left is None else node(left, path[-1])
    right = included(index - middle, size - middle, leaf, path[:-1])
    return None if right is None else node(path[-1], right)


def carried_on(old: int, new: int, path: Sequence[bytes], known: bytes | None) -> tuple[bytes, bytes] | None:
    """Return the two roots that a consistency proof leads to; `known` is the earlier one where the path lacks it."""
    if old == new:
        if known is not None:
            return None if path else (known, known)
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    middle, border = split(new), path[-1]
    if old <= middle:
        below = carried_on(old, middle, path[:-1], known)
        return None if below is None else (below[0], node(below[1], border))
    below = carried_on(old - middle, new - middle, path[:-1], None)
    return None if below is None else (node(border, below[0]), node(border, below[1]))


def check_earlier(bundle: ZipFile, names: set[str], state: State, key: str | None, outside: str | None) -> list[str]:
    """Check that the log carries on the earlier checkpoint in the bundle, and the one that was brought."""
    notes = []
    for note in filter(None, [bundle.read("since.txt").decode() if "since.txt" in names else None, outside]):
        earlier = read_checkpoint(note, key)
        if earlier.size == state.size:
            demand(earlier.root == state.root, f"akar {state.size} catatan bukan yang ditandatangani dahulu")
        else:
            demand(earlier.size < state.size, f"bundel dari {state.size} catatan, {earlier.size} sudah ditandatangani")
            demand("consistency.json" in names, "bundel tidak memuat bukti sejak checkpoint itu (sakip export --since)")
            demand_carried_on(json.loads(bundle.read("consistency.json")), earlier, state)
        notes.append(f"log ini melanjutkan checkpoint {earlier.origin} dari {earlier.size} catatan")
    return notes


def demand_carried_on(proof: dict[str, Any], earlier: State, state: State) -> None:
    """Raise `Fault` unless a proof leads from an earlier state to a later one."""
    demand(proof["old_size"] == earlier.size, f"bukti sejak {proof['old_size']} catatan, bukan {earlier.size}")
    path = [bytes.fromhex(each) for each in proof["hashes"]]
    if earlier.size == 0:
        agreed = not path and earlier.root == hashlib.sha256().digest()
    else:
        agreed = carried_on(earlier.size, state.size, path, earlier.root) == (earlier.root, state.root)
    demand(agreed, f"{earlier.size} catatan pertama bukan lagi yang ditandatangani dahulu")


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read_checkpoint(note: str, key: str | None) -> State:
    """Read a checkpoint, and look at its signature where the key is known."""
    text, mark, signatures = note.rpartition("\n\n")
    demand(bool(mark), "checkpoint tanpa tanda tangan")
    if key is not None:
        demand_signed(text + "\n", signatures.splitlines(), key)
    origin, size, root, *_ = text.split("\n")
    return State(origin, int(size), base64.b64decode(root, validate=True))


def demand_signed(text: str, signatures: Sequence[str], key: str) -> None:
    """Raise `Fault` unless one of the signatures is by a key over a text."""
    name, identity, encoded = key.strip().split("+", 2)
    kind_and_key = base64.b64decode(encoded, validate=True)
    expected = hashlib.sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
    demand(kind_and_key[:1] == b"\x01" and expected.hex() == identity, "kunci publik bukan Ed25519 atau salah tulis")
    for line in signatures:
        signer, _, signature = line.removeprefix("— ").rpartition(" ")
        decoded = base64.b64decode(signature, validate=True)
        if signer == name and decoded[:4] == expected:
            try:
                Ed25519PublicKey.from_public_bytes(kind_and_key[1:]).verify(decoded[4:], text.encode())
            except InvalidSignature:
                raise Fault(f"tanda tangan {name} tidak cocok dengan isi checkpoint") from None
            return
    raise Fault(f"checkpoint tidak ditandatangani oleh {name}")


# ── what events cite ─────────────────────────────────────────────────────────────────────────────────────────────────


def check_texts(bundle: ZipFile, cited: set[str]) -> int:
    """Check each sealed text against its digest and return how many there are."""
    count = 0
    for text in lines(bundle, "texts.jsonl"):
        sealed = hashlib.sha256(bytes.fromhex(text["salt"]) + text["text"].encode()).hexdigest()
        demand(sealed == text["digest"], f"teks {text['digest'][:12]}… bukan yang disegel")
        demand(sealed in cited, f"teks {sealed[:12]}… tidak disebut oleh catatan mana pun")
        count += 1
    return count


def check_rulebooks(bundle: ZipFile, names: set[str], cited: set[str], notes: list[str]) -> int:
    """Check each rulebook against its digest and return how many there are; say which are cited and not there."""
    present = {name.removeprefix("rulebooks/").removesuffix(".toml") for name in names if name.startswith("rulebooks/")}
    for digest in present:
        content = bundle.read(f"rulebooks/{digest}.toml")
        demand(hashlib.sha256(content).hexdigest() == digest, f"aturan {digest[:12]}… bukan yang ditetapkan")
        demand(digest in cited, f"aturan {digest[:12]}… tidak disebut oleh catatan mana pun")
    notes += [f"aturan {digest} disebut, tetapi berkasnya tidak ikut" for digest in sorted(cited - present)]
    return len(present)


if __name__ == "__main__":
    sys.exit(main())
