"""The key of command digests: given, or made once beside a file."""

from pathlib import Path

import pytest

from services.secret_key import digest_key
from services.settings import Settings
from tests.services.at_once import at_once


class TestSecretKeys:
    def test_it_is_made_once_beside_a_file_and_for_its_owner_alone(self, tmp_path: Path) -> None:
        settings = Settings(database_url=f"sqlite:///{tmp_path / 'sakip.db'}")
        keys = at_once(*(lambda: digest_key(settings) for _ in range(8)))

        assert len(set(keys)) == 1
        (file,) = tmp_path.iterdir()
        assert (file.name, oct(file.stat().st_mode & 0o777), len(file.read_bytes())) == ("sakip.db.key", "0o600", 32)

    def test_a_given_secret_counts(self, tmp_path: Path) -> None:
        settings = Settings(database_url=f"sqlite:///{tmp_path / 'sakip.db'}", secret="rahasia")

        assert digest_key(settings) == b"rahasia"
        assert list(tmp_path.iterdir()) == []

    def test_a_database_that_machines_share_needs_one(self) -> None:
        with pytest.raises(ValueError, match="SAKIP_SECRET"):
            digest_key(Settings(database_url="postgresql://server/sakip"))
