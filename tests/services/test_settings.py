"""Settings from the environment: what makes no sense is refused by the name of its variable."""

from pathlib import Path

import pytest

from services.settings import DEFAULT_DATABASE, Settings, settings_from


def test_without_anything_set_there_is_a_file_in_the_working_folder_and_no_queue() -> None:
    assert settings_from({}) == Settings(database_url=DEFAULT_DATABASE, redis_url=None, port=8000, log_level="INFO")


def test_every_variable_is_read(tmp_path: Path) -> None:
    environment = {
        "SAKIP_DATABASE_URL": "postgresql://sakip@db/sakip",
        "SAKIP_REDIS_URL": "redis://queue/0",
        "SAKIP_RULEBOOKS": str(tmp_path),
        "SAKIP_SECRET": "rahasia",
        "SAKIP_SIGNING_KEY": "/etc/sakip/kunci",
        "SAKIP_CHECKPOINTS": "/var/lib/sakip",
        "SAKIP_HOST": "0.0.0.0",  # noqa: S104 - only read
        "SAKIP_PORT": "80",
        "SAKIP_LOG_LEVEL": "debug",
    }

    assert settings_from(environment) == Settings(
        database_url="postgresql://sakip@db/sakip",
        redis_url="redis://queue/0",
        rulebooks=tmp_path,
        secret="rahasia",
        signing_key=Path("/etc/sakip/kunci"),
        checkpoints=Path("/var/lib/sakip"),
        host="0.0.0.0",  # noqa: S104 - only read
        port=80,
        log_level="DEBUG",
    )


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    empty = dict.fromkeys(("SAKIP_DATABASE_URL", "SAKIP_REDIS_URL", "SAKIP_RULEBOOKS", "SAKIP_SECRET"), "")

    assert settings_from(empty) == settings_from({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SAKIP_PORT", "delapan"),
        ("SAKIP_PORT", "-1"),
        ("SAKIP_PORT", "65536"),
        ("SAKIP_PORT", "8 0"),
        ("SAKIP_PORT", "\uff18\uff10"),
        ("SAKIP_PORT", "9" * 5000),
        ("SAKIP_LOG_LEVEL", "ramai"),
        ("SAKIP_RULEBOOKS", "/tidak/ada"),
        ("SAKIP_DATABASE_URL", "tanpa alamat"),
        ("SAKIP_DATABASE_URL", "mysql://server/sakip"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(ValueError, match=variable):
        settings_from({variable: value})


def test_the_refusal_of_an_address_does_not_repeat_its_password() -> None:
    with pytest.raises(ValueError, match="SAKIP_DATABASE_URL") as refused:
        settings_from({"SAKIP_DATABASE_URL": "mysql://sakip:kata-sandi@server/sakip"})

    assert "kata-sandi" not in str(refused.value)
