-- Answers to writes that came with an Idempotency-Key, kept for a day in the transaction of the write itself, so that whoever
-- did not get the answer can ask again.
CREATE TABLE answers (
    -- Who asked, as a hash of the key; empty for those without one.
    holder      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    -- SHA-256 of what was asked.
    fingerprint BLOB    NOT NULL,
    status      INTEGER NOT NULL,
    -- A JSON array: names and values in turn.
    headers     TEXT    NOT NULL,
    body        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (holder, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_by_age ON answers (created_at);
