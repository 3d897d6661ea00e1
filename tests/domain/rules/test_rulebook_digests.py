"""A released rulebook is never edited: a correction is a new file with the next version."""

from domain.rulebook import rulebook_digest
from tests.domain.rules.shelf import FOLDER

RELEASED = {
    "achievement-86-2017.toml": "20ab363a64ce4cf649783a550d01f9e470470d6df2de8d9acde0262d318da3e8",
    "due-dates-53-2014.toml": "f197fe44f9ae7efda4b7c67f9c5de79d23aecc06673c377c42609f9f683d4193",
    "follow-up-bpk.toml": "39744cfbae18c05584096659b39268c51c45755ac735bbac7e458bab0cff4e32",
    "follow-up-lhe-contoh.toml": "80a5965d84769e597936553a9139efb41b8ec0269286876f94a53ff2651b45e4",
    "hold-contoh-perkada.toml": "dc7d66f25b86fdc72bfbae776264eb05e9592f5e22bed95fb232b0e403650938",
    "lke-12-2015.toml": "001442708d549e0a121bb1ef8e05a88ab7da7ab07b3880f1b14b8d2d1d21e021",
    "lke-88-2021.toml": "25fb804bca870bd0058e8d274147259639f1aa9344c50f8ec2ece6626b66cd41",
    "lke-pre-2015.toml": "bd83878db24a9958467ad9cd2c0d26d0d6f171ea3aa11a67721da23148f3c728",
}


def test_every_released_file_still_has_its_digest_and_every_file_is_held() -> None:
    found = {path.name: rulebook_digest(path.read_bytes()) for path in FOLDER.iterdir() if path.suffix == ".toml"}
    assert found == RELEASED
