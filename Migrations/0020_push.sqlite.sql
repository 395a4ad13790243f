-- Web Push: readers who are notified of key events of a story.
CREATE TABLE push_keys (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    -- In the clear: signing needs it.
    private_key BLOB    NOT NULL CHECK (length(private_key) = 32),
    public_key  BLOB    NOT NULL CHECK (length(public_key) = 65),
    created_at  INTEGER NOT NULL
) STRICT;

-- Whoever knows an endpoint can send messages to it.
CREATE TABLE push_subscriptions (
    -- Positions of notifications count on keys that are not used twice.
    key            INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Derived from the endpoint; the same in each story that a browser subscribes to.
    id             BLOB    NOT NULL CHECK (length(id) = 16),
    story          INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    endpoint       TEXT    NOT NULL,
    public_key     BLOB    NOT NULL CHECK (length(public_key) = 65),
    authentication BLOB    NOT NULL CHECK (length(authentication) = 16),
    expires_at     INTEGER,
    -- Notifications in a row that could not be sent.
    failures       INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL,
    UNIQUE (id, story)
) STRICT;

CREATE INDEX push_subscriptions_by_story ON push_subscriptions (story, key);
CREATE INDEX push_subscriptions_by_expiry ON push_subscriptions (expires_at) WHERE expires_at IS NOT NULL;

-- The queue of notifications: one row for all subscribers of a story, written in the transaction of its cause. References only.
CREATE TABLE push_notifications (
    key        INTEGER PRIMARY KEY AUTOINCREMENT,
    story      INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    update_id  BLOB    NOT NULL CHECK (length(update_id) = 16),
    at         INTEGER NOT NULL,
    -- The keys of the last subscription that was dealt with, and of the last there is to deal with.
    last_key   INTEGER NOT NULL DEFAULT 0,
    end_key    INTEGER NOT NULL,
    -- When a batch is to be claimed: while one is claimed, when its lease ends.
    due_at     INTEGER NOT NULL,
    claimed_by TEXT
) STRICT;

CREATE INDEX push_notifications_due ON push_notifications (due_at);
CREATE INDEX push_notifications_by_story ON push_notifications (story, key);

-- Subscriptions up to the position to which a notification is sent again.
CREATE TABLE push_retries (
    notification INTEGER NOT NULL REFERENCES push_notifications (key) ON DELETE CASCADE,
    subscription INTEGER NOT NULL REFERENCES push_subscriptions (key) ON DELETE CASCADE,
    attempts     INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    PRIMARY KEY (notification, subscription)
) STRICT, WITHOUT ROWID;

CREATE INDEX push_retries_due ON push_retries (notification, due_at);
CREATE INDEX push_retries_by_subscription ON push_retries (subscription);

-- Whether followers are notified when the draft is published.
ALTER TABLE drafts ADD COLUMN notify INTEGER NOT NULL DEFAULT 0 CHECK (notify IN (0, 1));
