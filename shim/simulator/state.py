"""What the platforms remember: cards, authorisations, serial numbers, tokens and used codes. In memory.

Every change is one method and atomic, so any thread may call; what is handed out never changes afterwards. Clock and
random names are arguments, so tests decide what time it is. It knows no wire, no code of a table and no refusal: that
is the business of cards and insurance. Whoever keeps the state elsewhere writes these methods again. L3.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shim.simulator.persons import PERSONS, Person

AUTHORISATION_SECONDS = 60  # VC 2.2
EC_TOKEN_SECONDS = 1800

ING, SUCC, FAIL, CANCEL = "ing", "succ", "fail", "cancel"  # VC 4.7.2

_SERIALS_KEPT = 200_000
_AUTHORISATIONS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Card:
    """A card bound to a person: type of VC appendix 2.7, number."""

    card_type: str
    card_no: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with a 多码融合码, in the words of VC 4.1. The first of `cards` is the default one."""

    id_type: str
    id_no: str
    user_name: str
    user_sex: str = ""
    mobile_phone: str = ""
    birthday: str = ""
    telephone: str = ""
    address: str = ""
    work_unit: str = ""
    cards: tuple[Card, ...] = ()
    code_id: str = ""
    xman_id: str = ""
    smk_id: str = ""
    closed: bool = False

    @property
    def mindex_id(self) -> str:
        """居民多码融合主索引 ID."""
        return self.code_id[::-1]


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What an authurl asks a patient for; `url` names it, `code_id` is whoever consented."""

    url: str
    expires: float
    status: str = ING
    code_id: str = ""


class State:
    """The memory of both platforms, with the people of `persons` in it from the start.

    `clock` gives seconds of the epoch; `new_name` a name that nobody can guess; `base_url` is what authorisation URLs
    begin with (a server puts its own address there).
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        new_name: Callable[[], str] = lambda: secrets.token_hex(8),
        base_url: str = "",
    ) -> None:
        self.base_url = base_url
        self._clock = clock
        self._new_name = new_name
        self._lock = threading.RLock()
        self._holders = {person.code_id: _seed(person) for person in PERSONS}
        self._by_document = {(one.id_type, one.id_no): one.code_id for one in self._holders.values()}
        self._registered = 0
        self._numbers = 0
        self._serials: dict[tuple[str, str, str], None] = {}
        self._by_url: dict[str, Authorisation] = {}
        self._by_number: dict[tuple[str, str], str] = {}
        self._ec_tokens: dict[str, float] = {}
        self._used_ec_codes: set[str] = set()

    def now(self) -> float:
        """The platforms' time, in seconds of the epoch."""
        return self._clock()

    # ---- cards -----------------------------------------------------------------------------------------------------

    def holder(self, code_id: str) -> Holder | None:
        """The holder of a 多码融合码 ID, closed or not."""
        with self._lock:
            return self._holders.get(code_id)

    def holder_of(self, id_type: str, id_no: str) -> Holder | None:
        """The holder with that document, closed or not."""
        with self._lock:
            return self._holders.get(self._by_document.get((id_type, id_no), ""))

    def register(self, given: Holder) -> Holder:
        """The holder of `given`'s document: a known one with `given`'s cards added, else a new one.

        A closed holder becomes a new one, under the same IDs.
        """
        with self._lock:
            known = self.holder_of(given.id_type, given.id_no)
            if known is not None and not known.closed:
                return self._put(replace(known, cards=_without_doubles(known.cards + given.cards)))
            given = replace(given, cards=_without_doubles(given.cards))
            if known is not None:
                return self._put(replace(given, code_id=known.code_id, xman_id=known.xman_id, smk_id=known.smk_id))
            self._registered += 1
            number = f"{self._registered:010d}"
            code_id = _code_id(given.id_type, given.id_no)
            self._by_document[given.id_type, given.id_no] = code_id
            return self._put(replace(given, code_id=code_id, xman_id=f"XMAN{number}", smk_id=f"SMK{number}"))

    def alter(self, code_id: str, **changes: Any) -> Holder | None:
        """The holder with some fields changed; None where there is none or it is closed."""
        with self._lock:
            known = self._holders.get(code_id)
            return None if known is None or known.closed else self._put(replace(known, **changes))

    def link(self, code_id: str, old: Card | None, new: Card) -> Holder | None:
        """`new` in the place of `old`, or beside the others. None where no open holder has that ID and `old` card."""
        with self._lock:
            known = self._holders.get(code_id)
            if known is None or (old is not None and old not in known.cards):
                return None
            cards = (*known.cards, new) if old is None else tuple(new if one == old else one for one in known.cards)
            return self.alter(code_id, cards=_without_doubles(cards))

    def close(self, code_id: str) -> Holder | None:
        """The holder, closed by this call; None where there is none or it was closed before."""
        return self.alter(code_id, closed=True)

    def _put(self, holder: Holder) -> Holder:
        self._holders[holder.code_id] = holder
        return holder

    # ---- numbers ---------------------------------------------------------------------------------------------------

    def new_number(self) -> str:
        """A serial number of the platform's own, never the same twice."""
        with self._lock:
            self._numbers += 1
            return time.strftime("%Y%m%d%H%M%S", time.gmtime(self.now())) + f"{self._numbers:08d}"

    def take_serial(self, app_id: str, method: str, number: str) -> bool:
        """Whether this account's serial number of this method is new; it is taken from now on."""
        with self._lock:
            if (app_id, method, number) in self._serials:
                return False
            self._serials[app_id, method, number] = None
            _forget_oldest(self._serials, _SERIALS_KEPT)
            return True

    def give_back_serial(self, app_id: str, method: str, number: str) -> None:
        """A serial number whose request came to nothing may be used again."""
        with self._lock:
            self._serials.pop((app_id, method, number), None)

    # ---- authorisations --------------------------------------------------------------------------------------------

    def authorise(self, app_id: str, number: str) -> Authorisation:
        """A new authorisation under the account's `number`, good for 60 seconds; an older one of it is forgotten."""
        with self._lock:
            made = Authorisation(f"{self.base_url}/auth/{self._new_name()}", self.now() + AUTHORISATION_SECONDS)
            self._by_url.pop(self._by_number.pop((app_id, number), ""), None)
            self._by_url[made.url] = made
            self._by_number[app_id, number] = made.url
            _forget_oldest(self._by_url, _AUTHORISATIONS_KEPT)
            _forget_oldest(self._by_number, _AUTHORISATIONS_KEPT)
            return made

    def authorisation(self, app_id: str, number: str) -> Authorisation | None:
        """The account's authorisation of that number. One that ran out undecided has failed."""
        with self._lock:
            found = self._by_url.get(self._by_number.get((app_id, number), ""))
            if found is not None and found.status == ING and found.expires <= self.now():
                found = replace(found, status=FAIL)
            return found

    def consent(self, url: str, code_id: str) -> bool:
        """The patient agrees (an authurl, a 多码融合码 ID). False where it is too late or there is no such card."""
        with self._lock:
            holder = self._holders.get(code_id)
            return holder is not None and not holder.closed and self._decide(url, SUCC, code_id)

    def decline(self, url: str, status: str = CANCEL) -> bool:
        """The patient does not agree (``cancel``), or it failed (``fail``). False where it is too late."""
        return self._decide(url, status, "")

    def _decide(self, url: str, status: str, code_id: str) -> bool:
        with self._lock:
            found = self._by_url.get(url)
            if found is None or found.status != ING or found.expires <= self.now():
                return False
            self._by_url[url] = replace(found, status=status, code_id=code_id)
            return True

    # ---- insurance -------------------------------------------------------------------------------------------------

    def issue_ec_token(self, token: str) -> None:
        """The token is good for half an hour from now."""
        with self._lock:
            self._ec_tokens[token] = self.now() + EC_TOKEN_SECONDS

    def ec_token_holds(self, token: str) -> bool:
        """Whether the token was issued and has not run out."""
        with self._lock:
            return self.now() < self._ec_tokens.get(token, 0)

    def use_ec_code(self, code: str) -> bool:
        """Whether the insurance code is unused; it is used from now on."""
        with self._lock:
            if code in self._used_ec_codes:
                return False
            self._used_ec_codes.add(code)
            return True


def _seed(person: Person) -> Holder:
    return Holder(
        id_type="01",
        id_no=person.id_no,
        user_name=person.user_name,
        user_sex=person.user_sex,
        mobile_phone=person.mobile_phone,
        birthday=person.birthday,
        cards=(Card("01", person.card_no),),
        code_id=person.code_id,
    )


def _code_id(id_type: str, id_no: str) -> str:
    return hashlib.sha256(f"{id_type} {id_no}".encode()).hexdigest().upper()[:48]


def _without_doubles(cards: tuple[Card, ...]) -> tuple[Card, ...]:
    return tuple(dict.fromkeys(cards))


def _forget_oldest(kept: dict[Any, Any], limit: int) -> None:
    while len(kept) > limit:
        del kept[next(iter(kept))]
