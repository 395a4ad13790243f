# SPDX-License-Identifier: Apache-2.0
"""A story with a very long history, written directly into the database."""

import contextlib
import sqlite3
import time
import uuid

from servers import check, start_wireroom
from stories import Client

SLUG = "feed"
UPDATE_INTERVAL_MILLISECONDS = 40


def database_with(bench, updates):
    """The path of a database with one story of so many updates; created on first use."""
    if updates not in bench.databases:
        bench.databases[updates] = create_database(bench, updates)
    return bench.databases[updates]


def create_database(bench, updates):
    file = bench.folder / f"story-of-{updates}.db"
    with contextlib.ExitStack() as stack:
        # The server creates the schema, the story, and an update to copy.
        server = start_wireroom(bench.with_stack(stack), file)
        Client(server).create_story(SLUG, updates=1)
    multiply_update(file, updates)
    return file


def multiply_update(file, updates):
    """Replaces the only update by so many copies, as if they had been posted one after the other."""
    database = sqlite3.connect(file, isolation_level=None)
    database.create_function("made_id", 1, made_id, deterministic=True)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -500000")
    database.execute("BEGIN")
    database.create_function("id_text", 1, lambda id: str(uuid.UUID(bytes=id)), deterministic=True)
    database.execute("CREATE TEMP TABLE original AS SELECT * FROM updates")
    database.execute("CREATE TEMP TABLE written AS SELECT * FROM renditions")
    database.execute("DELETE FROM updates")
    columns = [row[1] for row in database.execute("PRAGMA table_info(updates)")]
    database.execute(copies_statement(columns), {"updates": updates, "first": first_time(updates)})
    database.execute(RENDITIONS)
    story = "UPDATE stories SET seq = (SELECT max(seq) FROM updates), update_count = :updates"
    database.execute(story, {"updates": updates})
    database.execute("COMMIT")
    check_database(database, updates)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()


# The rendition, with the copy's id and sequence number; its times stay those of the original, which costs the same to read.
RENDITIONS = """
    INSERT INTO renditions
    SELECT story << 32 | first_seq, written.form, CAST('{"id":"' || id_text(id) || '","seq":' || seq ||
        substr(CAST(written.bytes AS TEXT), instr(CAST(written.bytes AS TEXT), ',"title"')) AS BLOB)
    FROM updates, written
    """


def copies_statement(columns):
    """Copies of the original row with other keys, sequence numbers, ids and times; columns of later schemas are copied
    unchanged."""
    other = {
        "key": "number",
        "id": "made_id(:first + :step * number)",
        "seq": "original.seq - 1 + number",
        "first_seq": "original.seq - 1 + number",
        "published_at": ":first + :step * number",
        "created_at": ":first + :step * number",
        "modified_at": ":first + :step * number",
    }
    check(other.keys() <= set(columns), f"the schema of updates has changed: {columns}")
    values = ", ".join(other.get(column, f"original.{column}") for column in columns)
    return f"""
        WITH RECURSIVE numbers (number) AS (
            SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < :updates)
        INSERT INTO updates ({", ".join(columns)}) SELECT {values} FROM numbers, original
        """.replace(":step", str(UPDATE_INTERVAL_MILLISECONDS))


def first_time(updates):
    """The last copy is a minute old, so that later posts are newer."""
    return int(time.time() * 1000) - 60_000 - updates * UPDATE_INTERVAL_MILLISECONDS


def made_id(milliseconds):
    """A UUIDv7 of that time; unique, since the times are."""
    return (milliseconds << 80 | 7 << 76 | 1 << 63 | milliseconds * 0x9E3779B97F4A7C15 % (1 << 62)).to_bytes(16, "big")


def check_database(database, updates):
    check(database.execute("SELECT count(*) FROM updates").fetchone()[0] == updates, "updates are missing")
    check(not database.execute("PRAGMA foreign_key_check").fetchall(), "the database refers to what is not there")
