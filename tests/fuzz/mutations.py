"""What happens to files on their way: bytes that flip, a download cut off, parts missing, doubled or of others."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Final

from fuzz.containers import KINDS, sample, zipped

# What readers of numbers, lengths and texts stumble over.
_TOKENS: Final = (
    b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80", b'"', b"'", b"\n", b"\r", b"\r\n", b",", b"\t",
    b"<", b">", b"&", b"&#x0;", b"</", b"{", b"}", b"[", b"]", b"\\", b"\\u0000", b"-1", b"99999999999", b"1e999",
    b"NaN", b"null", b"\xef\xbb\xbf", b"\xfe\xff", b"PK\x03\x04", b"\x1f\x8b", b"\x1a", b"%s" * 8, b"A" * 500,
    b'"\n"', b"\xc3", b"\xed\xa0\x80", b"   " * 50, b"[" * 300, b"<table>" * 20, b"PAR1", b"<td rowspan=99999999>",
    b' r="XFD1048576"', b"2147483648", b"-0", b"\x1c",
)  # fmt: skip


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def replace(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 4))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def cut(data: bytearray, chance: random.Random) -> None:
    """The end is missing: one byte, or any number."""
    del data[len(data) - 1 if chance.random() < 0.2 else chance.randrange(1, len(data)) :]


def remove(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.choice((1, 2, 4, 100))]


def insert(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice(_TOKENS) if chance.random() < 0.8 else chance.randbytes(chance.randrange(1, 50))


def overwrite(data: bytearray, chance: random.Random) -> None:
    token = chance.choice(_TOKENS)
    at = chance.randrange(len(data))
    data[at : at + len(token)] = token


def duplicate(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.choice((1, 10, 100, 1000))]
    to = chance.choice((at, chance.randrange(len(data)), len(data)))
    data[to:to] = piece * chance.choice((1, 1, 2, 50))


def zeros(data: bytearray, chance: random.Random) -> None:
    """A hole, as a disk that was full leaves it."""
    at = chance.randrange(len(data))
    length = min(chance.choice((1, 16, 512)), len(data) - at)
    data[at : at + length] = bytes(length)


_WAYS: Final = (flip, replace, cut, remove, insert, overwrite, duplicate, zeros)


def mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The bytes with one to three changes; ``other`` is a file of which pieces may be put in."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if not out:
            break
        if other and chance.random() < 0.1:
            here, there = chance.randrange(len(out)), chance.randrange(len(other))
            out = out[:here] + other[there:]
        else:
            chance.choice(_WAYS)(out, chance)
    return bytes(out)


def damaged(kind: str, seed: int) -> tuple[bytes, int | None]:
    """A file of the kind that was changed, and its rows; those are None unless it is as it was."""
    chance = random.Random(f"{kind} {seed}")
    known = KINDS[kind]
    data, rows = sample(kind, chance)
    if chance.random() < 0.02:
        return data, rows  # the sound file too, or nobody would see that no file of a kind is read at all
    other = sample(chance.choice([kind, *KINDS]), chance)[0]
    if not known.inner:
        return mutated(data, other, chance), None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([each for each in known.inner if each in members])
    members[name] = mutated(members[name], b"", chance)
    return zipped(members), None
