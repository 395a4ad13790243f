-- Webhooks: addresses that are told of events.
CREATE TABLE webhooks (
    key              INTEGER PRIMARY KEY,
    id               BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    url              TEXT    NOT NULL,
    -- A JSON array; an empty one stands for all.
    events           TEXT    NOT NULL,
    -- The id of a story, which may be gone.
    story            BLOB,
    tag              TEXT,
    tag_key          TEXT,
    payload          TEXT    NOT NULL CHECK (payload IN ('thin', 'full')),
    coalesce_seconds INTEGER NOT NULL CHECK (coalesce_seconds >= 0),
    enabled          INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    disabled_reason  TEXT,
    -- Since when every delivery has failed.
    failing_since    INTEGER,
    created_at       INTEGER NOT NULL,
    modified_at      INTEGER NOT NULL
) STRICT;

-- What their requests are signed with, in the clear: signing needs it. Former keys are used until they expire.
CREATE TABLE webhook_keys (
    number      INTEGER PRIMARY KEY,
    hook        INTEGER NOT NULL REFERENCES webhooks (key) ON DELETE CASCADE,
    secret      BLOB    NOT NULL,
    private_key BLOB    NOT NULL CHECK (length(private_key) = 32),
    public_key  BLOB    NOT NULL CHECK (length(public_key) = 32),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER
) STRICT;

CREATE INDEX webhook_keys_by_hook ON webhook_keys (hook, number);

-- The queue of deliveries (transactional outbox), written in the transaction of their cause. References only, never a text.
CREATE TABLE deliveries (
    number       INTEGER PRIMARY KEY,
    id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    hook         INTEGER NOT NULL REFERENCES webhooks (key) ON DELETE CASCADE,
    event        TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    -- Where it has happened; without a story it is a test.
    story        BLOB,
    epoch        INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    update_id    BLOB,
    status       TEXT    NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
    -- Sent also if the webhook is disabled.
    forced       INTEGER NOT NULL DEFAULT 0 CHECK (forced IN (0, 1)),
    attempts     INTEGER NOT NULL DEFAULT 0,
    -- Not sent before.
    planned_at   INTEGER NOT NULL,
    -- When the next attempt is due: of one that is claimed, when its lease ends. NULL: it waits for an earlier one of its story.
    due_at       INTEGER,
    -- When the first attempt was made; NULL before, and when an admin has it sent again.
    tried_since  INTEGER,
    claimed_by   TEXT,
    attempted_at INTEGER,
    code         INTEGER,
    error        TEXT,
    done_at      INTEGER,
    CHECK ((status = 'waiting') = (done_at IS NULL))
) STRICT;

CREATE INDEX deliveries_due ON deliveries (due_at) WHERE status = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (hook, number) WHERE status = 'waiting';
CREATE INDEX deliveries_in_order ON deliveries (hook, story, number) WHERE status = 'waiting';
CREATE INDEX deliveries_by_story ON deliveries (hook, story, number);
CREATE INDEX deliveries_by_hook ON deliveries (hook, number);
