"""Where the server listens, and under which addresses a browser may call it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from activeloop.errors import ConfigurationError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Place:
    """One host and port; any host but this machine's own needs TLS files, or the word that a proxy has them.

    `port` 0 takes a free one. `public` is the address that people type, where that is another than host and
    port: a proxy's, or a name of this machine. Raises ConfigurationError for what would send labels and
    links in the clear.

    >>> Place(port=8000).address
    'http://127.0.0.1:8000'
    >>> Place(host="0.0.0.0", port=8000, behind_proxy=True, public="https://labels.example.org").cookie
    '__Host-activeloop-443'
    """

    host: str = "127.0.0.1"
    port: int = 0
    public: str = ""
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ConfigurationError("a certificate needs its key, and a key its certificate; give both")
        if self.host not in LOOPBACK and not (self.certificate or self.behind_proxy):
            raise ConfigurationError(
                f"host {self.host!r} is reached from other machines; allowed with a certificate and its key, "
                "or behind_proxy=True"
            )
        if self.public:
            self._refuse_other(self.public)
        elif self.behind_proxy or self.host in ("0.0.0.0", "::"):
            raise ConfigurationError(
                "give public=, the address that people type, as https://labels.example.org"
            )

    def _refuse_other(self, public: str) -> None:
        parts = urlsplit(public)
        if parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query:
            raise ConfigurationError(
                f"public address {public!r}; allowed: https, a host and maybe a port, as https://labels.example.org"
            )

    @property
    def scheme(self) -> str:
        """The scheme, http or https, as the browser sees it."""
        return "https" if self.certificate or self.behind_proxy else "http"

    @property
    def address(self) -> str:
        """The address that people type."""
        return self.public.rstrip("/") or f"{self.scheme}://{_in_brackets(self.host)}:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """Every origin from which a browser may write; its host is one that may be called."""
        named = {_origin(self.address)}
        if self.host in LOOPBACK and not self.public:
            named |= {_origin(f"{self.scheme}://{_in_brackets(one)}:{self.port}") for one in LOOPBACK}
        return frozenset(named)

    @property
    def cookie(self) -> str:
        """The name of the cookie; it carries the port, as browsers send cookies to every port of a host."""
        port = urlsplit(self.address).port or _USUAL[self.scheme]
        return f"{'__Host-' if self.scheme == 'https' else ''}activeloop-{port}"


def _in_brackets(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _origin(address: str) -> str:
    """Write an address as browsers write its origin: lower case, without the usual port."""
    parts = urlsplit(address)
    host = _in_brackets(parts.hostname or "")
    usual = parts.port in (None, _USUAL[parts.scheme])
    return f"{parts.scheme}://{host}" if usual else f"{parts.scheme}://{host}:{parts.port}"
