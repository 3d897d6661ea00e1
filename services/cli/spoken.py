"""Lets the command line speak Indonesian.

The `click` package takes its words from gettext, whose catalogues are binary files; here they are given in the open.
"""

from typing import Any, Final

import click

_WORDS: Final = {
    "Usage:": "Cara pakai:",
    "Options": "Pilihan",
    "Commands": "Perintah",
    "Error: {message}": "Kesalahan: {message}",
    "Show this message and exit.": "Tampilkan petunjuk ini.",
    "Show the version and exit.": "Tampilkan versi.",
    "%(prog)s, version %(version)s": "%(prog)s, versi %(version)s",
    "required": "wajib",
    "default: {default}": "bawaan: {default}",
    "(Deprecated)": "(usang)",
    "Aborted!": "Dibatalkan.",
    "Missing option": "Pilihan belum diisi",
    "Missing argument": "Argumen belum diisi",
    "Missing parameter": "Parameter belum diisi",
    "Missing command.": "Perintah belum disebut.",
    "No such command {name!r}.": "Tidak ada perintah {name!r}.",
    "No such option: {name}": "Tidak ada pilihan {name}",
    "Did you mean {possibility}?": "Maksudnya {possibility}?",
    "Try '{command} {option}' for help.": "Lihat '{command} {option}'.",
    "Invalid value: {message}": "Isian tidak sah: {message}",
    "Invalid value for {param_hint}: {message}": "Isian {param_hint} tidak sah: {message}",
    "{value!r} is not a valid {number_type}.": "{value!r} bukan {number_type} yang sah.",
    "{value} is not in the range {range}.": "{value} tidak dalam rentang {range}.",
    "{name} {filename!r} does not exist.": "{name} {filename!r} tidak ada.",
    "{name} {filename!r} is a file.": "{name} {filename!r} adalah berkas.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} adalah folder.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} tidak dapat dibaca.",
    "Option {name!r} requires an argument.": "Pilihan {name!r} perlu isian.",
    "Option {name!r} does not take a value.": "Pilihan {name!r} tidak memakai isian.",
    "file": "Berkas",
    "directory": "Folder",
    "path": "Jalur",
    "integer": "bilangan bulat",
    "Got unexpected extra argument ({args})": "Argumen berlebih ({args})",
    "Got unexpected extra arguments ({args})": "Argumen berlebih ({args})",
}


def speak_indonesian() -> None:
    """Give every module of click the words of this file in place of gettext's."""
    for name in ("core", "exceptions", "types", "parser", "decorators", "formatting", "termui"):
        module: Any = getattr(click, name)
        for function, replacement in (("_", _one), ("ngettext", _one_of_two)):
            if hasattr(module, function):
                setattr(module, function, replacement)


def _one(message: str) -> str:
    return _WORDS.get(message, message)


def _one_of_two(one: str, many: str, count: int) -> str:
    return _one(one if count == 1 else many)
