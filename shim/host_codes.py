"""Which return codes may cross into C, and what a platform's refusal becomes whose code may not.

Every success word of an export is a zero (``00``, ``0000``, ``0``), and hosts read the returned text in many ways: they
compare it letter for letter or after trimming, they convert it by atoi, Val, StrToIntDef(…, 0), Long() or parseInt, in
16, 32 or 64 bits, and C ends it at a NUL. The only texts that none of these ways takes for zero are decimal numbers
other than zero. Hence the alphabet is digits with a minus before them; letters are not in it: atoi("E01") is 0.

Pure; used by `reply`, the dialects and the last check in `call_port`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from shim.spec import Family

# What a refusal becomes whose own code cannot cross: 交易失败 (VC appendix 1), 未知异常 (EC C.4).
REFUSED: Mapping[Family, str] = MappingProxyType({Family.VC: "9998", Family.EC: "-1"})

# What an export may return for success: 00 (VC 3.2), 0000 (EC B.1.3), and what DLLs of other vendors return.
SUCCESS_WORDS = ("00", "0000", "0", "000000")

MAX_LENGTH = 31  # characters: vcshim_call.code of native/entry.h has 32 bytes with the NUL
# Nine digits that count: ten could be 4294967296, which a C int of 32 bits reads as 0.
_NUMBER = re.compile("-?0*[1-9][0-9]{0,8}")
# A number that passed through a binary floating-point number on its way (Gson): 500159.0.
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")
_WORD = re.compile("[A-Za-z0-9._-]{1,31}")
# Blanks and control characters, which databases and C programs leave around a code.
_PADDING = "".join(map(chr, (*range(0x21), *range(0x7F, 0xA1)))) + "\u200b\u2028\u2029\u3000\ufeff"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def is_failure(code: str) -> bool:
    """Whether no host takes `code` for success, and C can return it as it is."""
    return len(code) <= MAX_LENGTH and _NUMBER.fullmatch(code) is not None and int(code) & 0xFFFF != 0


def failure_code(code: str, family: Family) -> str:
    """The code that a host gets for a failure with `code`: the same without padding, or that of `REFUSED`.

    Full-width digits become digits, and ``500159.0`` becomes ``500159``: the number is the same in any reading.
    """
    bare = _bare(code)
    return bare if is_failure(bare) else REFUSED[family]


def replaced_word(code: str) -> str:
    """A code of letters that `failure_code` replaces, so that the text can name it; "" for any other.

    A long number is left out: it could be that of a person.
    """
    bare = _bare(code)
    letters = any(map(str.isalpha, bare)) and sum(map(str.isdigit, bare)) <= 9
    return bare if letters and _WORD.fullmatch(bare) and not is_failure(bare) else ""


def _bare(code: str) -> str:
    bare = code.strip(_PADDING).translate(_HALF_WIDTH)
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else bare
