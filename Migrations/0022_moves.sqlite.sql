-- The number with which readers first saw what was removed, so that it can come back, also from another story: NULL for older removals.
ALTER TABLE tombstones ADD COLUMN first_seq INTEGER;
