"""Encrypted files: what goes in comes out, and what was changed does not (XEP-0454, SECURITY 35)."""

from collections.abc import AsyncIterator, Iterable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tui_xmpp.errors import FileTampered, TransferFailed
from tui_xmpp.web.sealed_file import TAG, FileKey, decrypt, encrypt, key_in, new_key

PLAIN = bytes(range(256)) * 400


async def stream(data: bytes, step: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), step):
        yield data[start : start + step]


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("length", [0, 1, TAG - 1, TAG, TAG + 1, 4096, len(PLAIN)])
@pytest.mark.parametrize("step", [1, 7, TAG, 65536])
async def test_a_file_comes_back_as_it_was(length: int, step: int) -> None:
    if length > 100 and step < TAG:
        return
    key = new_key()
    sealed = await whole(encrypt(stream(PLAIN[:length], step), key))
    assert len(sealed) == length + TAG
    assert await whole(decrypt(stream(sealed, step), key)) == PLAIN[:length]


async def test_it_is_the_aes_gcm_of_every_other_client() -> None:
    key = new_key()
    assert await whole(encrypt(stream(PLAIN), key)) == AESGCM(key.key).encrypt(key.iv, PLAIN, None)


async def test_the_long_ivs_of_older_clients_can_be_read() -> None:
    key = key_in("0123456789abcdef" * 2 + "5A" * 32)
    assert len(key.iv) == 16
    assert await whole(decrypt(stream(AESGCM(key.key).encrypt(key.iv, PLAIN, None)), key)) == PLAIN


def test_no_two_files_have_the_same_key_or_iv() -> None:
    keys = [new_key() for _ in range(50)]
    assert len({key.key for key in keys}) == len({key.iv for key in keys}) == 50
    assert all(len(key.key) == 32 and len(key.iv) == 12 for key in keys)
    assert key_in(keys[0].fragment) == keys[0]


@pytest.mark.parametrize("fragment", ["", "00", "zz" * 44, "00" * 43, "00" * 45, "00" * 49, "٠" * 88])
def test_a_link_without_a_key_says_so(fragment: str) -> None:
    with pytest.raises(TransferFailed, match="holds no key"):
        key_in(fragment)


def changed(data: bytes) -> Iterable[bytes]:
    for at in (0, len(data) // 2, len(data) - TAG - 1, len(data) - TAG, len(data) - 1):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    for end in (0, TAG - 1, TAG, len(data) // 2, len(data) - 1):
        yield data[:end]
    yield data + b"\0"


async def test_a_changed_or_cut_file_is_refused_at_its_end() -> None:
    key = new_key()
    sealed = await whole(encrypt(stream(PLAIN), key))
    for other in changed(sealed):
        with pytest.raises(FileTampered):
            await whole(decrypt(stream(other), key))


def test_a_key_is_never_printed() -> None:
    key = FileKey(b"\xab" * 32, b"\xcd" * 12)
    assert "ab" * 4 not in repr(key)
    assert "xab" not in f"{key}"
