"""Proofs about a stored log hold against its root, and the tiles beside it may come and go."""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from domain.sealed_text import seal
from services.databases import open_database
from services.event_log.contract import EventLog, SealedRow
from services.event_log.merkle import Frontier, verify_consistency, verify_inclusion
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from services.proofs import ConsistencyProof, InclusionProof, Proofs
from services.tile_table import merkle_tile
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write

SIZE = 2 * 256 + 40


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    address: str = request.getfixturevalue("fresh_postgres_url")
    return address


@pytest.fixture
def log(url: str) -> Iterator[EventLog]:
    migrate(url)
    opened = open_log(url)
    opened.append(a_batch(a_write("a", 0, SIZE)))
    yield opened
    opened.close()


@pytest.fixture
def engine(url: str, log: EventLog) -> Iterator[Engine]:
    assert log.head(INSTITUTION) == SIZE
    opened = open_database(url)
    yield opened
    opened.dispose()


def included(proof: InclusionProof) -> bool:
    hashes = [bytes.fromhex(each) for each in proof.hashes]
    leaf, root = bytes.fromhex(proof.leaf_hash), bytes.fromhex(proof.root)
    return verify_inclusion(leaf, proof.position - 1, proof.size, hashes, root)


def consistent(proof: ConsistencyProof) -> bool:
    hashes = [bytes.fromhex(each) for each in proof.hashes]
    return verify_consistency(
        proof.old_size, bytes.fromhex(proof.old_root), proof.size, bytes.fromhex(proof.root), hashes
    )


def kept(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(merkle_tile)) or 0


def test_proofs_hold_against_a_root_of_the_entries(log: EventLog, engine: Engine) -> None:
    proofs, frontier, roots = Proofs(log, engine), Frontier(), [""]
    for entry in log.read(INSTITUTION, limit=SIZE):
        frontier.append(entry.leaf_hash)
        roots.append(frontier.root().hex())
    for size in (1, 255, 256, 300, 512, SIZE):
        assert proofs.root(INSTITUTION, size).hex() == roots[size]
        for position in (1, size // 2 + 1, size):
            proof = proofs.inclusion(INSTITUTION, position, size)
            assert (proof.root, included(proof)) == (roots[size], True)
            older = proofs.consistency(INSTITUTION, position, size)
            assert (older.old_root, older.root, consistent(older)) == (roots[position], roots[size], True)
    assert kept(engine) == 2
    stored = log.leaf_hashes(INSTITUTION, 3, 9)
    assert list(stored) == [entry.leaf_hash for entry in log.read(INSTITUTION, 3, 6)]


def test_what_the_log_has_not_is_not_proved(log: EventLog, engine: Engine) -> None:
    proofs = Proofs(log, engine)
    for ask in (
        lambda: proofs.root(INSTITUTION, SIZE + 1),
        lambda: proofs.inclusion("kab-lain", 1, 1),
        lambda: proofs.consistency(INSTITUTION, 1, SIZE + 1),
    ):
        with pytest.raises(LookupError):
            ask()
    with pytest.raises(ValueError, match="not in a tree"):
        proofs.inclusion(INSTITUTION, 9, 8)
    with pytest.raises(ValueError, match="no beginning"):
        proofs.consistency(INSTITUTION, 9, 8)


@pytest.mark.parametrize("lost", [0, 1])
def test_lost_tiles_are_made_again(log: EventLog, engine: Engine, lost: int) -> None:
    first = Proofs(log, engine).inclusion(INSTITUTION, 300, SIZE)
    with engine.begin() as connection:
        connection.execute(merkle_tile.delete().where(merkle_tile.c.idx == lost))
    assert kept(engine) == 1
    again = Proofs(log, engine)
    assert again.inclusion(INSTITUTION, 300, SIZE) == first
    assert kept(engine) == 2
    again.forget(INSTITUTION)
    assert kept(engine) == 0
    assert again.inclusion(INSTITUTION, 300, SIZE) == first


def test_tiles_are_kept_up_as_entries_complete_them(log: EventLog, engine: Engine) -> None:
    proofs = Proofs(log, engine)

    proofs.keep_up(INSTITUTION, SIZE)
    assert proofs.tiles(INSTITUTION).count(0) == 2

    log.append(a_batch(a_write("a", SIZE, 3 * 256 - SIZE)))
    proofs.keep_up(INSTITUTION, 3 * 256 - 1)
    assert proofs.tiles(INSTITUTION).count(0) == 2
    proofs.keep_up(INSTITUTION, 3 * 256)
    assert proofs.tiles(INSTITUTION).count(0) == 3

    proofs.forget(INSTITUTION)
    proofs.keep_up(INSTITUTION, 3 * 256)
    assert proofs.tiles(INSTITUTION).count(0) == 3


def test_two_may_fill_the_same_tiles(log: EventLog, engine: Engine, url: str) -> None:
    other = open_database(url) if url != "memory:" else engine
    one, two = Proofs(log, engine), Proofs(log, other)
    assert one.root(INSTITUTION, 256) == two.root(INSTITUTION, 256)
    assert one.root(INSTITUTION, SIZE) == two.root(INSTITUTION, SIZE)
    assert kept(engine) == 2
    other.dispose()


def test_sealed_texts_come_with_their_salts(log: EventLog) -> None:
    salt = bytes(range(32))
    row = SealedRow(digest=seal(salt, "Banjir").digest, salt=salt, text="Banjir")
    log.append(a_batch(a_write("b"), sealed=(row,)))
    assert list(log.sealed_rows(INSTITUTION, [row.digest, "f" * 64])) == [row]
    assert log.texts(INSTITUTION, [row.digest]) == {row.digest: "Banjir"}
    assert list(log.sealed_rows("kab-lain", [row.digest])) == []


def test_the_application_role_fills_tiles_and_throws_them_away(fresh_postgres_url: str) -> None:
    migrate(fresh_postgres_url)
    address = f"{fresh_postgres_url}?options=-c%20role%3Dsakip_app"
    log, engine = open_log(address), open_database(address)
    log.append(a_batch(a_write("a", 0, SIZE)))
    proofs = Proofs(log, engine)
    assert included(proofs.inclusion(INSTITUTION, 300, SIZE))
    assert kept(engine) == 2
    proofs.forget(INSTITUTION)
    assert kept(engine) == 0
    log.close()
    engine.dispose()


@pytest.mark.ordeal
def test_a_proof_among_a_hundred_thousand_takes_about_a_millisecond(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    migrate(url)
    log, size = open_log(url), 100_000
    for number in range(100):
        log.append(a_batch(a_write(f"s-{number}", 0, size // 100)))
    proofs = Proofs(log, open_database(url))
    proofs.root(INSTITUTION, size)
    chance = random.Random(7)

    def median(ask: Callable[[int], object]) -> float:
        seconds = []
        for _ in range(201):
            position = chance.randint(1, size)
            begun = time.perf_counter()
            ask(position)
            seconds.append(time.perf_counter() - begun)
        return sorted(seconds)[100]

    assert median(lambda position: proofs.inclusion(INSTITUTION, position, size)) < 2e-3
    assert median(lambda position: proofs.consistency(INSTITUTION, position, size)) < 2e-3
    log.close()
