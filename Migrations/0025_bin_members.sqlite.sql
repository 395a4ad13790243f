-- What an update had besides, which it gets back when it is restored: of a draft whether followers are notified when it is published, of a
-- published one the number of its last edit, if only its cards have changed since.
ALTER TABLE bin ADD COLUMN notify INTEGER NOT NULL DEFAULT 0 CHECK (notify IN (0, 1));
ALTER TABLE bin ADD COLUMN edited_seq INTEGER;
