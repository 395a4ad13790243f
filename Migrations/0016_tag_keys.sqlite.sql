-- The keys by which stories are found by their tags, as a JSON array: engines without functions of the program cannot make them.
ALTER TABLE stories ADD COLUMN tag_keys TEXT NOT NULL DEFAULT '[]';

UPDATE stories SET tag_keys = (SELECT json_group_array(DISTINCT tag_key(value)) FROM json_each(stories.tags))
WHERE tags <> '[]';
