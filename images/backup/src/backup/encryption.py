"""Encryption to an age public key: who holds backups alone cannot read what is in them.

https://age-encryption.org/v1; `age --decrypt --identity FILE` reads what is written here.
"""

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, x25519

from backup.errors import UsageError


def check_recipient(recipient: str) -> None:
    """Refuses an invalid age public key before anything is dumped."""
    _recipient(recipient)


def seal(content: str, recipient: str) -> bytes:
    return encrypt(content.encode(), [_recipient(recipient)])


def unseal(content: bytes, identity_file: str) -> str:
    """Decrypts with the content of an identity file, as `age-keygen` writes it."""
    try:
        keys = [
            x25519.Identity.from_str(line.strip())
            for line in identity_file.splitlines()
            if line.strip() and not line.startswith("#")
        ]
    except IdentityError as error:
        raise UsageError("the identity is not an age secret key: its line must start with AGE-SECRET-KEY-1") from error
    if not keys:
        raise UsageError("the identity file has no key: the key's line starts with AGE-SECRET-KEY-1")
    try:
        return decrypt(content, keys).decode()
    except DecryptError as error:
        raise UsageError("the identity cannot decrypt this file, which was encrypted to another recipient") from error


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except RecipientError as error:
        raise UsageError(
            f"BACKUP_RECIPIENT is {text!r}, which is not an age public key: `age-keygen` prints one, age1…"
        ) from error
