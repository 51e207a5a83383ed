"""A transport that hands each request to another one, chosen by the scheme of the URL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from shim import log
from shim.bilingual import Bilingual
from shim.deadline import Deadline
from shim.errors import OwnError, ShimError
from shim.http_answer import HttpAnswer
from shim.messages import network
from shim.settings.pairs import Pairs
from shim.spec import Effect
from shim.transport.base import Transport


class ByScheme:
    """Uses the transport of the URL's scheme, made on first use; all other URLs go to `default`.

    Attributes:
        made: the transports that were made so far, by scheme; given to the constructor they need not be made.
    """

    def __init__(
        self,
        default: Transport,
        makers: Mapping[str, Callable[[], Transport]],
        made: Mapping[str, Transport] | None = None,
    ) -> None:
        self._default = default
        self._makers = makers
        self.made = dict(made or {})
        self._lock = threading.Lock()

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: Pairs = (),
    ) -> HttpAnswer:
        return self._transport(url).post(url, body, content_type, effect, deadline, headers)

    def _transport(self, url: str) -> Transport:
        scheme = url.partition(":")[0].strip().lower()
        if scheme not in self._makers:
            return self._default
        made = self.made.get(scheme)
        if made is not None:
            return made
        with self._lock:
            if scheme not in self.made:
                try:
                    self.made[scheme] = self._makers[scheme]()
                except ShimError:
                    raise
                except Exception as error:  # short of memory, or of a file: the next call tries again
                    frames = [type(error).__name__, *log.trace(error.__traceback__)[-3:]]
                    why = Bilingual("，".join(frames), ", ".join(frames))
                    raise OwnError(network.NOT_STARTED, scheme=scheme, why=why) from error
            return self.made[scheme]
