"""A PostgreSQL database by its URL: how it is reached, and what is said when it is not. Never a password."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from activeloop.errors import MissingDependencyError, StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine
    from sqlalchemy.exc import DBAPIError

_SCHEMES = ("postgresql", "postgresql+psycopg", "postgres")
_ALLOWED = "a store is a path, or a URL that begins with postgresql://"

# A machine that is gone is noticed in a minute, by either side, and what it held is let go.
_REACHED = {
    "application_name": "activeloop",
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_SESSION = """
SELECT set_config('lock_timeout', '60s', false),
    set_config('idle_in_transaction_session_timeout', '60s', false),
    CASE current_setting('synchronous_commit')
        WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END
"""


def is_url(given: str) -> bool:
    """Say whether a text is a URL rather than a path.

    >>> is_url("postgresql://me@there/loops"), is_url("runs/run.db")
    (True, False)
    """
    return "://" in given


class Database:
    """Connections to one database, which threads share; `place` says which without any secret."""

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        query = parsed.query.get("password", "")
        self._secrets = [one for one in (parsed.password, query) if one and isinstance(one, str)]
        self.place = parsed.set(drivername="postgresql", password=None, query={}).render_as_string()
        self.engine = _engine(parsed)
        weakref.finalize(self, self.engine.dispose)

    def once(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        """Run one statement, a transaction of its own; raises what SQLAlchemy raises."""
        from sqlalchemy import text

        with self.engine.connect() as connection:
            found = connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text(statement), values
            )
            return list(found) if found.returns_rows else []

    def again(self, statement: str, what: str, **values: Any) -> list[Any]:
        """Run what is harmless when repeated, once more on a new connection when the old one is broken.

        Raises StoreError: `place` cannot be `what`.
        """
        from sqlalchemy.exc import DBAPIError

        try:
            try:
                return self.once(statement, values)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return self.once(statement, values)
        except DBAPIError as error:
            raise StoreError(f"{self.place} cannot be {what}: {self.reason(error)}") from error

    def rows(self, select: str, **values: Any) -> list[Any]:
        """Read; raises StoreError when that cannot be done."""
        return self.again(select, "read", **values)

    def put(self, statement: str, **values: Any) -> None:
        """Write what is harmless when written twice; raises StoreError when that cannot be done."""
        self.again(statement, "written", **values)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def reason(self, error: DBAPIError) -> str:
        """Say in one line what the server or the driver said."""
        told = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
        text = "; ".join(line.strip() for line in told.splitlines() if line.strip())
        for secret in self._secrets:
            text = text.replace(secret, "***").replace(quote(secret), "***")
        return text


def _parsed(url: str) -> URL:
    try:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError as error:
        raise _missing() from error
    scheme = url.split("://")[0]
    if scheme not in _SCHEMES:
        raise StoreError(f"{_ALLOWED}, and not {scheme}://...")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None  # what these errors say quotes the URL, and with it the password
    if parsed is None or "@" in (parsed.host or ""):
        raise StoreError(
            f"{_ALLOWED}, as in postgresql://user:password@host:5432/database; this one cannot be read "
            "(in a password @ is written %40, : is %3A, / is %2F)"
        )
    reached = {key: value for key, value in _REACHED.items() if key not in parsed.query}
    return parsed.set(drivername="postgresql+psycopg").update_query_dict(reached)


def _engine(url: URL) -> Engine:
    from sqlalchemy import create_engine, event

    try:
        engine = create_engine(url, hide_parameters=True)
    except ImportError as error:
        raise _missing() from error

    @event.listens_for(engine, "connect")
    def settle(connection: Any, record: object) -> None:
        connection.execute(_SESSION)
        connection.commit()

    return engine


def _missing() -> MissingDependencyError:
    return MissingDependencyError.of("SQLAlchemy with psycopg", "teams", "to keep runs in PostgreSQL")
