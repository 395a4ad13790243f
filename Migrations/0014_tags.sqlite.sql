-- Tags are the same whatever their case, composition and white space: update_tags holds what they are compared by, which tag_key,
-- a function of the program, makes of them. The tags of updates stay as they were written.
DELETE FROM update_tags;

INSERT OR IGNORE INTO update_tags (story, tag, published_at, id, update_key)
SELECT u.story, tag_key(t.value), u.published_at, u.id, u.key FROM updates AS u, json_each(u.tags) AS t;
