-- The SQLite migration 26, for PostgreSQL. Cards that are on their way to many updates: the greatest key of an update that has been
-- looked at. NULL before texts are found, and when all updates have them.
ALTER TABLE cards ADD COLUMN shown_to BIGINT CHECK (shown_to IS NULL OR status = 'waiting');

-- Which cards have a picture as their thumbnail: before it is removed.
CREATE INDEX cards_by_thumbnail ON cards (thumbnail) WHERE thumbnail IS NOT NULL;

-- By the key of the update, too, as they are shown in batches.
DROP INDEX card_uses_by_card;
CREATE INDEX card_uses_by_card ON card_uses (card, update_key);
