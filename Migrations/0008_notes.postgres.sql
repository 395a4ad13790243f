-- Notes by which editors hand a story over to each other; readers never see them. The last one of a story holds; an empty one clears it.
CREATE TABLE story_notes (
    story       BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    author      TEXT COLLATE "C" NOT NULL,
    author_name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (story, number)
);

CREATE FUNCTION delete_notes_of_story() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM story_notes WHERE story = old.key;
    RETURN NULL;
END $$;

CREATE TRIGGER notes_go_with_stories AFTER DELETE ON stories
    FOR EACH ROW EXECUTE FUNCTION delete_notes_of_story();
