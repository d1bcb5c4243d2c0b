"""The tables of a PostgreSQL store: those of a SQLite file, under names that say whose they are."""

VERSION = 1

# `delivery` says which call wrote an event, for a writer whose connection broke before it was told.
# Names are sorted by code point, as in SQLite, whatever the language of the database; payloads are JSON in
# ASCII, because JSONB would refuse NUL and put keys in another order.
MAKE = """
SELECT pg_advisory_xact_lock(hashtextextended('activeloop', 0));
CREATE TABLE IF NOT EXISTS activeloop_runs (run TEXT COLLATE "C" PRIMARY KEY, configuration TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS activeloop_events (
    run TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    round BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    payload TEXT NOT NULL,
    delivery TEXT NOT NULL,
    PRIMARY KEY (run, number)
);
CREATE TABLE IF NOT EXISTS activeloop_study (key TEXT COLLATE "C" PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS activeloop_timings (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run TEXT COLLATE "C" NOT NULL,
    round BIGINT NOT NULL,
    phase TEXT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL
);
CREATE INDEX IF NOT EXISTS activeloop_timings_by_run ON activeloop_timings (run);
CREATE TABLE IF NOT EXISTS activeloop_format (version INTEGER PRIMARY KEY);
INSERT INTO activeloop_format SELECT 1 WHERE NOT EXISTS (SELECT FROM activeloop_format);
"""
ARE_THERE = "SELECT to_regclass('activeloop_format') IS NOT NULL"
FOUND = "SELECT max(version) FROM activeloop_format"
