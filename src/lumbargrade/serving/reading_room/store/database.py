"""The database: SQLite in a file, or PostgreSQL by URL.

SQLite writes ahead and syncs at each commit, so that what was acknowledged is there after the
process was killed or the machine stopped. It takes one writer at a time: writers of this process
queue for a lock, which is fair, instead of asking SQLite again and again, which is not.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session, sessionmaker

from lumbargrade.errors import ReadingError, first_line
from lumbargrade.serving.reading_room.store import migrate

BUSY_MS = 20_000
"""How long SQLite waits for another process, such as a backup."""

CONNECTIONS = 40
"""As many as the server has threads: what is opened beyond is closed after each use."""

POSTGRESQL = "postgresql+psycopg"
_DRIVERS = {"postgresql": POSTGRESQL, "postgres": POSTGRESQL, POSTGRESQL: POSTGRESQL}
_DRIVERS |= {"sqlite": "sqlite", "sqlite+pysqlite": "sqlite"}


class Database:
    """An open database whose tables are those of this version.

    Raises
    ------
    ReadingError
        If the URL names neither SQLite nor PostgreSQL, the database cannot be reached, or its
        tables are of a later version.
    """

    def __init__(self, url: str) -> None:
        self._url = database_url(url)
        self.named = self._url.render_as_string(hide_password=True)
        self._engine = _engine(self._url, self.named)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        self._lock: Any = threading.Lock() if self.is_sqlite else _NoLock()
        try:
            with self._engine.connect() as connection:
                migrate.to_newest(connection, self.named)
        except DBAPIError as error:
            self._engine.dispose()
            raise ReadingError(
                f"database {self.named}: cannot be opened ({first_line(_cause(error))}): check "
                "--database, and that it can be reached and written"
            ) from None
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only looks."""
        with self._sessions() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that is committed if the block ends well, and undone otherwise."""
        with self._lock, self._sessions() as session:
            session.connection(execution_options={"writes": True})
            yield session
            session.commit()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def database_url(text: str) -> URL:
    """Return a URL as SQLAlchemy takes it; raises ReadingError if it is not one of ours."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ReadingError(
            "--database: is not a URL: give postgresql://USER:PASSWORD@HOST/NAME, or sqlite:///FILE"
        ) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None or (driver == "sqlite" and url.database in (None, "", ":memory:")):
        raise ReadingError(
            f"--database {url.render_as_string(hide_password=True)}: readings are kept in a file "
            "of SQLite or in PostgreSQL: give sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    return url.set(drivername=driver)


class _NoLock:
    """PostgreSQL takes many writers at a time."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _cause(error: DBAPIError) -> Exception:
    return error.orig if isinstance(error.orig, Exception) else error


def _engine(url: URL, named: str) -> Engine:
    # What a statement carries may name patients: no message holds it.
    settings: dict[str, Any] = {"hide_parameters": True, "pool_size": CONNECTIONS}
    if url.drivername == POSTGRESQL:
        settings["pool_pre_ping"] = True
    try:
        engine = create_engine(url, **settings)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise ReadingError(
            f"database {named}: PostgreSQL needs its driver: run  pip install 'psycopg[binary]'"
        ) from None
    if url.drivername == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says so
    for setting in (
        f"busy_timeout = {BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Any) -> None:
    # A transaction that looks first and writes later could find the file changed in between.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
