"""Bearer tokens: shown once, stored as a hash, good for one person in one institution until they end."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from services.tokens import LIFETIME, Bearer, Tokens
from tests.services.office import INSTITUTION, Office, office

OP = Bearer(institution=INSTITUTION, person="op")


@pytest.fixture
def tokens(regency: Office) -> Tokens:
    """Return the tokens of a system."""
    return regency.system.tokens


def test_a_token_speaks_for_the_person_it_was_issued_for(tokens: Tokens) -> None:
    first, second = tokens.issue(INSTITUTION, "op"), tokens.issue(INSTITUTION, "kabag")

    assert first != second
    assert tokens.bearer(first) == OP
    assert tokens.bearer(second) == Bearer(institution=INSTITUTION, person="kabag")


def test_only_the_hash_is_stored(regency: Office) -> None:
    token = regency.system.tokens.issue(INSTITUTION, "op")
    with regency.system.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM access_token")).all()

    assert token not in repr(row)
    assert token.removeprefix("sakip_") not in repr(row)


@pytest.mark.parametrize("shown", ["", "sakip_", "x", "\ud800", "\x00", "sakip_" + "a" * 43])
def test_what_was_never_issued_speaks_for_nobody(tokens: Tokens, shown: str) -> None:
    tokens.issue(INSTITUTION, "op")

    assert tokens.bearer(shown) is None


def test_a_token_ends_at_its_time(stored: Office) -> None:
    token = stored.system.tokens.issue(INSTITUTION, "op")
    long = stored.system.tokens.issue(INSTITUTION, "op", lifetime=LIFETIME * 2)
    end = stored.clock.now() + LIFETIME

    stored.clock.set(end - timedelta(microseconds=1))
    assert stored.system.tokens.bearer(token) == OP
    stored.clock.set(end)
    assert stored.system.tokens.bearer(token) is None
    assert stored.system.tokens.bearer(long) == OP


def test_revoking_ends_every_token_of_that_person_and_no_other(stored: Office) -> None:
    tokens = stored.system.tokens
    own = [tokens.issue(INSTITUTION, "op") for _ in range(2)]
    others = [tokens.issue(INSTITUTION, "kabag"), tokens.issue("lain", "op")]

    assert tokens.revoke_all(INSTITUTION, "op") == 2
    assert [tokens.bearer(token) for token in own] == [None, None]
    assert None not in [tokens.bearer(token) for token in others]
    assert tokens.revoke_all(INSTITUTION, "op") == 0


def test_a_token_outlives_the_process(file_url: str) -> None:
    with office(file_url) as before:
        token = before.system.tokens.issue(INSTITUTION, "op")
    with office(file_url, founded=False) as after:
        assert after.system.tokens.bearer(token) == OP
