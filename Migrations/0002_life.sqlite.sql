-- By these a server notices that its file was exchanged for another, or for an older state of itself: a copy that is put
-- back says less commits, or another session, than the server has seen last. Then a new epoch is drawn.

-- Drawn by each server when it starts; 0 before the first.
ALTER TABLE life ADD COLUMN session INTEGER NOT NULL DEFAULT 0;
-- Transactions committed to this database.
ALTER TABLE life ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
