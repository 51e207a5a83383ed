"""What the platforms remember, in one SQLite file or in memory: the schema, and a method for every question and change.

Every change is one method and atomic, so any thread may call; `State.transaction` makes one of several. Several
processes may have one file. What is handed out is frozen. Clock and random names are arguments, so tests decide what
time it is. It knows no wire, no code of a table and no refusal: that is the business of cards and insurance. Standard
library only. Whoever keeps the state elsewhere writes these methods again. L3.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NoReturn

from shim.simulator.faults import Rule, Standing
from shim.simulator.messages import Call
from shim.simulator.persons import ACCOUNTS, NOTABLE, PERSONS, TERMINALS, Person, ec_token

AUTHORISATION_SECONDS = 60  # VC 2.2
EC_TOKEN_SECONDS = 1800
EC_CODE_SECONDS = 60
CALLS_KEPT = 1000

ING, SUCC, FAIL, CANCEL = "ing", "succ", "fail", "cancel"  # VC 4.7.2

# In the head of a file of ours: that it is ours, and the edition of the schema. Count up whenever the schema changes.
_APPLICATION_ID = 0x56435348
_EDITION = 1
_BUSY_SECONDS = 20

_SCHEMA = (
    # What there is one of: base_url, the standing misbehaviour as JSON, and our own counters.
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # People with a 多码融合码. `holder` is all of it as JSON; what is looked for stands beside it once more.
    # `words` are name, document, ID, phone and note in small letters, a line each; the greatest `place` comes first.
    """CREATE TABLE holders (
        code_id TEXT PRIMARY KEY, id_type TEXT, id_no TEXT, words TEXT, place INTEGER, holder TEXT,
        UNIQUE (id_type, id_no)
    )""",
    "CREATE INDEX holders_by_place ON holders (place)",
    # Who may ask; `methods` parted by blanks, empty for all.
    "CREATE TABLE accounts (app_id TEXT PRIMARY KEY, secret TEXT, title TEXT, methods TEXT)",
    "CREATE TABLE terminals (term_id TEXT PRIMARY KEY, title TEXT)",
    # Serial numbers that were taken; the last 200,000.
    """CREATE TABLE serials (
        id INTEGER PRIMARY KEY, app_id TEXT, method TEXT, number TEXT, UNIQUE (app_id, method, number)
    )""",
    """CREATE TRIGGER serials_kept AFTER INSERT ON serials WHEN NEW.id % 1000 = 0 BEGIN
        DELETE FROM serials WHERE id <= NEW.id - 200000; END""",
    # Authorisations; the last 20,000. `agreer` agrees by itself at `agrees_at` if nobody has decided by then.
    """CREATE TABLE authorisations (
        id INTEGER PRIMARY KEY, url TEXT UNIQUE, expires REAL, status TEXT, code_id TEXT, app_id TEXT, number TEXT,
        agrees_at REAL, agreer TEXT, UNIQUE (app_id, number)
    )""",
    """CREATE TRIGGER authorisations_kept AFTER INSERT ON authorisations BEGIN
        DELETE FROM authorisations WHERE id <= NEW.id - 20000; END""",
    # Insurance codes; those without `expires` are there from the start and stay, of the others the last 20,000.
    "CREATE TABLE ec_codes (id INTEGER PRIMARY KEY, code TEXT UNIQUE, code_id TEXT, expires REAL, used INTEGER)",
    """CREATE TRIGGER ec_codes_kept AFTER INSERT ON ec_codes BEGIN
        DELETE FROM ec_codes WHERE id <= NEW.id - 20000 AND expires IS NOT NULL; END""",
    # The insurance platform's 令牌: one a person, renewed by every query.
    "CREATE TABLE ec_tokens (token TEXT PRIMARY KEY, code_id TEXT, expires REAL) WITHOUT ROWID",
    # The log: the fields of messages.Call; the last thousand, and up to a hundred before them.
    """CREATE TABLE calls (
        number INTEGER PRIMARY KEY, path TEXT, method TEXT, code TEXT, request TEXT, opened TEXT, answer TEXT,
        told TEXT, wish TEXT, at REAL, ms REAL
    )""",
    f"""CREATE TRIGGER calls_kept AFTER INSERT ON calls WHEN NEW.number % 100 = 0 BEGIN
        DELETE FROM calls WHERE number <= NEW.number - {CALLS_KEPT}; END""",
)

# What SQLite may say, and what to do.
_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full; make room and try again",
    sqlite3.SQLITE_IOERR: "cannot be read or written; look after the disk and its free space",
    sqlite3.SQLITE_READONLY: "cannot be written; allow this user to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; make its folder and allow this user to write there",
    sqlite3.SQLITE_BUSY: f"another process has held it for {_BUSY_SECONDS} seconds; end that process",
    sqlite3.SQLITE_NOTADB: "not a database of the simulator; name another file",
    sqlite3.SQLITE_CORRUPT: "damaged; delete the file",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A card bound to a person: type of VC appendix 2.7, number."""

    card_type: str
    card_no: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with a 多码融合码, in the words of VC 4.1. The first of `cards` is the default one.

    `insurance` and `note` are those of persons.Person; `ec_token` is the insurance platform's 令牌.
    """

    id_type: str
    id_no: str
    user_name: str
    user_sex: str = ""
    mobile_phone: str = ""
    birthday: str = ""
    telephone: str = ""
    address: str = ""
    work_unit: str = ""
    code_id: str = ""
    xman_id: str = ""
    smk_id: str = ""
    insurance: str = ""
    ec_token: str = ""
    note: str = ""
    closed: bool = False
    cards: tuple[Card, ...] = ()

    @property
    def mindex_id(self) -> str:
        """居民多码融合主索引 ID."""
        return self.code_id[::-1]


@dataclass(frozen=True, slots=True)
class Account:
    """An application that may ask, with its key; `methods` it may call, empty for all."""

    app_id: str
    secret: str
    title: str = ""
    methods: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal that is known."""

    term_id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What every call asks and hardly anything changes, as it was at `version`."""

    version: tuple[int, int]
    accounts: dict[str, Account]
    terminals: dict[str, Terminal]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What an authurl asks a patient for; `url` names it, `code_id` is whoever consented."""

    url: str
    expires: float
    status: str = ING
    code_id: str = ""
    app_id: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class EcCode:
    """An insurance code and whose it is; good once, and until `expires` in seconds of the epoch (None: for ever)."""

    code: str
    code_id: str
    expires: float | None
    used: bool


_HOLDER = tuple(field.name for field in fields(Holder))
_LASTING = ("code_id", "xman_id", "smk_id", "insurance", "ec_token", "note")  # whoever registers again keeps these
_CALL = tuple(field.name for field in fields(Call))
_NOTED = tuple(name for name in _CALL if name != "number")


def _insert(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


_PUT_HOLDER = (
    _insert("holders", ("code_id", "id_type", "id_no", "words", "place", "holder"))
    + " ON CONFLICT (code_id) DO UPDATE SET words = excluded.words, holder = excluded.holder"
)
_PUT_EC_CODE = _insert("ec_codes", ("code", "code_id", "expires", "used"))
_SELECT_AUTHORISATION = (
    "SELECT agrees_at, agreer, url, expires, status, code_id, app_id, number FROM authorisations WHERE "
)
_SELECT_CALL = f"SELECT {', '.join(_CALL)} FROM calls"
_NOTE = _insert("calls", _NOTED)
_noted = attrgetter(*_NOTED)


class State:
    """The memory of both platforms; a new one begins with the people, accounts and terminals of persons.

    `file` None is memory alone. `clock` gives seconds of the epoch; `new_name` a name that nobody can guess.

    Every method may raise OSError (the disk is full, the file cannot be written, another process held it too long) and
    `State()` ValueError, too (the file holds something else, or another edition of this); the text names the file and
    what to do. Nothing is left half done. A process may be killed at any moment; a power cut may spoil the file.
    """

    def __init__(
        self,
        file: Path | None = None,
        clock: Callable[[], float] = time.time,
        new_name: Callable[[], str] = lambda: secrets.token_hex(8),
        base_url: str = "",
    ) -> None:
        self._clock = clock
        self._new_name = new_name
        self._lock = threading.RLock()
        self._name = str(file or "the simulator's memory")
        self._shared = file is not None
        self._changes = 0
        self._kept: _Known | None = None
        try:
            self._db = sqlite3.connect(
                file or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            self._explain(error)
        try:
            self._prepare()
            if base_url:
                self.base_url = base_url
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file. Every other method is an error from now on."""
        with self._lock:
            self._db.close()

    def now(self) -> float:
        """The platforms' time, in seconds of the epoch."""
        return self._clock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is changed inside is changed at once for all others, and not at all when an exception leaves it.

        Every other thread and process waits: nothing slow belongs inside. One inside another is part of that one.
        """
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._rows("BEGIN IMMEDIATE")
            try:
                yield
                self._rows("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._rows("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    self._explain(error)
                raise

    # ---- the database ----------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Fill a new database, or see that an old one is ours. The check comes first: nothing foreign is touched."""
        # No waiting for the disk, and readers beside one writer: this is no data to mourn for.
        self._rows("PRAGMA synchronous = OFF")
        with self.transaction():
            found = self._one("PRAGMA application_id")[0], self._one("PRAGMA user_version")[0]
            if found == (0, 0) and not self._rows("SELECT 1 FROM sqlite_master"):
                self._create()
            elif found[0] != _APPLICATION_ID:
                raise ValueError(f"{self._name}: not a database of the simulator; name another file")
            elif found[1] != _EDITION:
                raise ValueError(
                    f"{self._name}: a database of edition {found[1]}, this simulator has {_EDITION}; delete the file"
                )
        self._rows("PRAGMA journal_mode = WAL")
        self._rows("PRAGMA wal_autocheckpoint = 8000")  # pages: a busy desk pauses less often

    def _create(self) -> None:
        for statement in _SCHEMA:
            self._rows(statement)
        self._rows(f"PRAGMA application_id = {_APPLICATION_ID}")
        self._rows(f"PRAGMA user_version = {_EDITION}")
        for name, value in {"base_url": "", "standing": "", "registered": 0, "numbers": 0}.items():
            self._rows("INSERT INTO meta VALUES (?, ?)", name, value)
        self._db.executemany(_PUT_HOLDER, _seeds())
        self._db.executemany(_PUT_EC_CODE, [(one.ec_code, one.code_id, None, False) for one in (*NOTABLE, *PERSONS)])
        for app_id, secret, title, methods in ACCOUNTS:
            self.add_account(Account(app_id, secret, title, methods))
        for term_id, title in TERMINALS:
            self.add_terminal(Terminal(term_id, title))

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        """All rows at once: a statement that is read to its end holds no lock."""
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._explain(error)

    def _one(self, sql: str, *values: Any) -> Any:
        """The first row, None where there is none."""
        rows = self._rows(sql, *values)
        return rows[0] if rows else None

    def _change(self, sql: str, *values: Any) -> int:
        """How many rows were changed."""
        return self._do(sql, *values).rowcount

    def _do(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Carry out what gives no rows."""
        try:
            with self._lock:
                return self._db.execute(sql, values)
        except sqlite3.Error as error:
            self._explain(error)

    def _explain(self, error: sqlite3.Error) -> NoReturn:
        """Raise what SQLite says as OSError or ValueError with the file and what to do; our mistakes as they are."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _REMEDIES:
            raise error
        family = ValueError if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) else OSError
        raise family(f"{self._name}: {_REMEDIES[code]} ({error})") from error

    def _count(self, name: str) -> int:
        """1, 2, 3..., across all processes."""
        return int(self._one("UPDATE meta SET value = value + 1 WHERE name = ? RETURNING value", name)[0])

    def _meta(self, name: str) -> str:
        return str(self._one("SELECT value FROM meta WHERE name = ?", name)[0])

    def _set_meta(self, name: str, value: str) -> None:
        self._change("UPDATE meta SET value = ? WHERE name = ?", value, name)

    # ---- what there is one of --------------------------------------------------------------------------------------

    @property
    def base_url(self) -> str:
        """What authorisation URLs begin with: a server puts its address there, for all who have the file."""
        return self._meta("base_url")

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._set_meta("base_url", url)

    def standing(self) -> Standing:
        """The misbehaviour in force."""
        return self._known().standing

    def set_standing(self, standing: Standing) -> None:
        """Put it in force, in every process that has the file; its draws begin anew."""
        rules = [(rule.wish, rule.probability) for rule in standing.rules]
        with self.transaction():
            run = self.standing().run + 1
            self._set_meta("standing", json.dumps({"rules": rules, "seed": standing.seed, "run": run}))
            self._changes += 1

    def _known(self) -> _Known:
        """Accounts, terminals and rules: read once, and again when we or another process changed anything of them."""
        with self._lock:
            version = (self._changes, self._one("PRAGMA data_version")[0] if self._shared else 0)
            if self._kept is None or self._kept.version != version:
                accounts = [_account(*row) for row in self._rows("SELECT * FROM accounts ORDER BY rowid")]
                terminals = [Terminal(*row) for row in self._rows("SELECT * FROM terminals ORDER BY rowid")]
                self._kept = _Known(
                    version,
                    {account.app_id: account for account in accounts},
                    {terminal.term_id: terminal for terminal in terminals},
                    _standing(self._meta("standing")),
                )
            return self._kept

    # ---- cards -----------------------------------------------------------------------------------------------------

    def holder(self, code_id: str) -> Holder | None:
        """The holder of a 多码融合码 ID, closed or not."""
        row = self._one("SELECT holder FROM holders WHERE code_id = ?", code_id)
        return row and _holder(*row)

    def holder_of(self, id_type: str, id_no: str) -> Holder | None:
        """The holder with that document, closed or not."""
        row = self._one("SELECT holder FROM holders WHERE id_type = ? AND id_no = ?", id_type, id_no)
        return row and _holder(*row)

    def holders(self, words: str = "", limit: int = 60) -> list[Holder]:
        """Those whose name, document, 多码融合码 ID, phone or note contains `words`, whoever registered last first.

        After all who registered come persons.NOTABLE, then the others. Latin letters match in either case.
        """
        sql = "SELECT holder FROM holders WHERE instr(words, ?) ORDER BY place DESC LIMIT ?"
        return [_holder(text) for (text,) in self._rows(sql, words.strip().lower(), limit)]

    def register(self, given: Holder) -> Holder:
        """The holder of `given`'s document: a known one with `given`'s cards added, else a new one.

        A closed holder becomes a new one, under the same IDs.
        """
        with self.transaction():
            known = self.holder_of(given.id_type, given.id_no)
            if known is None:
                number = self._count("registered")
                made = replace(
                    given,
                    code_id=_code_id(given.id_type, given.id_no),
                    xman_id=f"XMAN{number:010d}",
                    smk_id=f"SMK{number:010d}",
                    ec_token=ec_token(1_000_000 + number),
                )
                return self._put(made, number)
            if not known.closed:
                return self._put(replace(known, cards=known.cards + given.cards))
            kept = {name: getattr(known, name) for name in _LASTING}
            return self._put(replace(given, **kept))

    def alter(self, code_id: str, **changes: Any) -> Holder | None:
        """The holder with some fields changed; None where there is none or it is closed."""
        with self.transaction():
            known = self.holder(code_id)
            return None if known is None or known.closed else self._put(replace(known, **changes))

    def link(self, code_id: str, old: Card | None, new: Card) -> Holder | None:
        """`new` in the place of `old`, or beside the others. None where no open holder has that ID and `old` card."""
        with self.transaction():
            known = self.holder(code_id)
            if known is None or (old is not None and old not in known.cards):
                return None
            cards = (*known.cards, new) if old is None else tuple(new if one == old else one for one in known.cards)
            return self.alter(code_id, cards=cards)

    def close_card(self, code_id: str) -> Holder | None:
        """The holder, closed by this call; None where there is none or it was closed before."""
        return self.alter(code_id, closed=True)

    def _put(self, holder: Holder, place: int = 0) -> Holder:
        """Keep it, every card once. `place` is that of a new one: one that is known stays where it is."""
        holder = replace(holder, cards=tuple(dict.fromkeys(holder.cards)))
        self._change(_PUT_HOLDER, *_holder_row(holder, place))
        return holder

    # ---- accounts and terminals ------------------------------------------------------------------------------------

    def account(self, app_id: str) -> Account | None:
        """The application of that number."""
        return self._known().accounts.get(app_id)

    def accounts(self) -> list[Account]:
        """All, in the order in which they were added."""
        return list(self._known().accounts.values())

    def add_account(self, account: Account) -> None:
        """Add it, or put it in the place of the one with its app_id."""
        methods = " ".join(sorted(account.methods))
        values = account.app_id, account.secret, account.title, methods
        self._changes += self._change("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", *values)

    def terminal(self, term_id: str) -> Terminal | None:
        """The terminal of that number."""
        return self._known().terminals.get(term_id)

    def terminals(self) -> list[Terminal]:
        """All, in the order in which they were added."""
        return list(self._known().terminals.values())

    def add_terminal(self, terminal: Terminal) -> None:
        """Add it, or put it in the place of the one with its term_id."""
        values = terminal.term_id, terminal.title
        self._changes += self._change("INSERT OR REPLACE INTO terminals VALUES (?, ?)", *values)

    # ---- numbers ---------------------------------------------------------------------------------------------------

    def new_number(self) -> str:
        """A serial number of the platform's own, never the same twice."""
        return time.strftime("%Y%m%d%H%M%S", time.gmtime(self.now())) + f"{self._count('numbers'):08d}"

    def take_serial(self, app_id: str, method: str, number: str) -> bool:
        """Whether this account's serial number of this method is new; it is taken from now on."""
        sql = "INSERT OR IGNORE INTO serials (app_id, method, number) VALUES (?, ?, ?)"
        return self._change(sql, app_id, method, number) == 1

    # ---- authorisations --------------------------------------------------------------------------------------------

    def authorise(self, app_id: str, number: str, agrees_at: float | None = None, by: str = "") -> Authorisation:
        """A new authorisation under the account's `number`, good for 60 seconds; an older one of it is forgotten.

        With `agrees_at`, in seconds of the epoch, the holder `by` agrees then unless somebody has decided before.
        """
        url = f"{self.base_url}/auth/{self._new_name()}"
        made = Authorisation(url, self.now() + AUTHORISATION_SECONDS, app_id=app_id, number=number)
        names = ("url", "expires", "status", "code_id", "app_id", "number")
        sql = _insert("authorisations", (*names, "agrees_at", "agreer")).replace("INSERT", "INSERT OR REPLACE")
        self._change(sql, *(getattr(made, name) for name in names), agrees_at, by)
        return made

    def authorisation(self, app_id: str, number: str) -> Authorisation | None:
        """The account's authorisation of that number. One that ran out undecided has failed."""
        return self._authorisation(self._one(f"{_SELECT_AUTHORISATION} app_id = ? AND number = ?", app_id, number))

    def authorisation_at(self, url: str) -> Authorisation | None:
        """The same by its URL."""
        return self._authorisation(self._one(f"{_SELECT_AUTHORISATION} url = ?", url))

    def authorisations(self, limit: int = 20) -> list[Authorisation]:
        """The last ones, newest first."""
        rows = self._rows(f"{_SELECT_AUTHORISATION} 1 ORDER BY id DESC LIMIT ?", limit)
        return [found for row in rows if (found := self._authorisation(row))]

    def consent(self, url: str, code_id: str) -> bool:
        """The patient agrees (an authurl, a 多码融合码 ID). False where it is too late or there is no such card."""
        with self.transaction():
            holder = self.holder(code_id)
            return holder is not None and not holder.closed and self._decide(url, SUCC, code_id)

    def decline(self, url: str, status: str = CANCEL) -> bool:
        """The patient does not agree (``cancel``), or it failed (``fail``). False where it is too late."""
        return self._decide(url, status, "")

    def _decide(self, url: str, status: str, code_id: str) -> bool:
        with self.transaction():
            found = self.authorisation_at(url)
            if found is None or found.status != ING:
                return False
            self._change("UPDATE authorisations SET status = ?, code_id = ? WHERE url = ?", status, code_id, url)
            return True

    def _authorisation(self, row: Any) -> Authorisation | None:
        """What stands there, and what time has made of it."""
        if row is None:
            return None
        agrees_at, agreer, *told = row
        found, now = Authorisation(*told), self.now()
        if found.status != ING:
            return found
        if agrees_at is not None and agrees_at <= now and agrees_at < found.expires:
            return replace(found, status=SUCC, code_id=agreer)
        return found if now < found.expires else replace(found, status=FAIL)

    # ---- insurance -------------------------------------------------------------------------------------------------

    def new_ec_code(self, code_id: str) -> EcCode:
        """A fresh insurance code of the holder, good once and for 60 seconds."""
        # 17 digits without a zero in front: all codes that are there from the start have one.
        digits = 10**16 + secrets.randbelow(9 * 10**16)
        return self._put_ec_code(EcCode(f"424{digits}00350000", code_id, self.now() + EC_CODE_SECONDS, False))

    def ec_code(self, code: str) -> EcCode | None:
        """The insurance code, used and expired ones included; a package code (``opc...``) finds that of its digits."""
        row = self._one("SELECT code, code_id, expires, used FROM ec_codes WHERE code = ?", _plain_code(code))
        return row and EcCode(row[0], row[1], row[2], bool(row[3]))

    def use_ec_code(self, code: str) -> bool:
        """Whether the insurance code is there and unused; it is used from now on."""
        return self._change("UPDATE ec_codes SET used = 1 WHERE code = ? AND used = 0", _plain_code(code)) == 1

    def _put_ec_code(self, code: EcCode) -> EcCode:
        self._change(_PUT_EC_CODE, code.code, code.code_id, code.expires, code.used)
        return code

    def issue_ec_token(self, token: str, code_id: str) -> None:
        """The holder's token is good for half an hour from now."""
        expires = self.now() + EC_TOKEN_SECONDS
        self._change("INSERT OR REPLACE INTO ec_tokens VALUES (?, ?, ?)", token, code_id, expires)

    def ec_token_holds(self, token: str) -> bool:
        """Whether the token was issued and has not run out."""
        row = self._one("SELECT expires FROM ec_tokens WHERE token = ?", token)
        return row is not None and self.now() < row[0]

    def holder_of_token(self, token: str) -> Holder | None:
        """Whom the token was issued for, run out or not."""
        row = self._one("SELECT code_id FROM ec_tokens WHERE token = ?", token)
        return row and self.holder(*row)

    # ---- the log of calls ------------------------------------------------------------------------------------------

    def note(self, call: Call) -> None:
        """Keep the call, and number it."""
        call.number = self._do(_NOTE, *_noted(call)).lastrowid or 0

    def calls(self, after: int = 0, limit: int = CALLS_KEPT) -> list[Call]:
        """The last `limit` calls of a greater number than `after`, oldest first."""
        rows = self._rows(f"{_SELECT_CALL} WHERE number > ? ORDER BY number DESC LIMIT ?", after, limit)
        return [Call(*row) for row in reversed(rows)]

    def call(self, number: int) -> Call | None:
        """The call of that number, if it is still kept."""
        row = self._one(f"{_SELECT_CALL} WHERE number = ?", number)
        return row and Call(*row)


@cache
def _seeds() -> tuple[tuple[Any, ...], ...]:
    """All people of persons as rows of the table, the notable first."""
    return tuple(_holder_row(_seed(person), -place) for place, person in enumerate((*NOTABLE, *PERSONS)))


def _seed(person: Person) -> Holder:
    return Holder(
        id_type=person.id_type,
        id_no=person.id_no,
        user_name=person.user_name,
        user_sex=person.user_sex,
        mobile_phone=person.mobile_phone,
        birthday=person.birthday,
        code_id=person.code_id,
        insurance=person.insurance,
        ec_token=person.ec_token,
        note=person.note,
        closed=person.closed,
        cards=tuple(Card(*card) for card in person.cards),
    )


def _holder_row(holder: Holder, place: int) -> tuple[Any, ...]:
    words = "\n".join((holder.user_name, holder.id_no, holder.code_id, holder.mobile_phone, holder.note)).lower()
    told = {name: getattr(holder, name) for name in _HOLDER}
    told["cards"] = [(card.card_type, card.card_no) for card in holder.cards]
    return holder.code_id, holder.id_type, holder.id_no, words, place, json.dumps(told, ensure_ascii=False)


@lru_cache(maxsize=1024)
def _holder(text: str) -> Holder:
    told = json.loads(text)
    return Holder(**{**told, "cards": tuple(Card(*card) for card in told["cards"])})


def _account(app_id: str, secret: str, title: str, methods: str) -> Account:
    return Account(app_id, secret, title, frozenset(methods.split()))


@lru_cache(maxsize=16)
def _standing(text: str) -> Standing:
    told = json.loads(text or '{"rules": [], "seed": 0, "run": 0}')
    return Standing(tuple(Rule(*rule) for rule in told["rules"]), told["seed"], told["run"])


def _plain_code(code: str) -> str:
    return "424" + code[3:] if code.startswith("opc") else code


def _code_id(id_type: str, id_no: str) -> str:
    return hashlib.sha256(f"{id_type} {id_no}".encode()).hexdigest().upper()[:48]
