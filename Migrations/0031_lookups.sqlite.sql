-- Whether a story had an update: asked for each address that is not found, and for each update that moves.
CREATE INDEX tombstones_by_update ON tombstones (id, story);
-- Pages of one author.
CREATE INDEX updates_by_author ON updates (story, author, published_at, id) WHERE author IS NOT NULL;
