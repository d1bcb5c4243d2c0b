"""Events in a PostgreSQL database, for teams on several machines."""

from activeloop.sql_store.database import is_url as is_url
from activeloop.sql_store.store import SqlStore as SqlStore

__all__ = ["SqlStore", "is_url"]
