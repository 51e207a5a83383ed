"""What is raised where a library or an algorithm is missing on this PC. For shim/crypto alone."""

from __future__ import annotations

from shim.errors import OwnError
from shim.messages import cipher as rows

# pycryptodome raises OSError where it cannot load one of its libraries.
NOT_LOADED = (ImportError, OSError)


def library_missing(error: ImportError | OSError) -> OwnError:
    """CIPHER_MISSING: a library is not installed."""
    return OwnError(rows.NO_LIBRARY, name=error.name if isinstance(error, ImportError) else "Crypto")


def algorithm_missing(name: str) -> OwnError:
    """CIPHER_MISSING: the libraries lack an algorithm."""
    return OwnError(rows.NO_DIGEST, name=name)
