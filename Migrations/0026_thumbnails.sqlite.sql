-- Cards that are on their way to many updates: the greatest key of an update that has been looked at. NULL before texts are found, and
-- when all updates have them.
ALTER TABLE cards ADD COLUMN shown_to INTEGER CHECK (shown_to IS NULL OR status = 'waiting');

-- Which cards have a picture as their thumbnail: before it is removed.
CREATE INDEX cards_by_thumbnail ON cards (thumbnail) WHERE thumbnail IS NOT NULL;
