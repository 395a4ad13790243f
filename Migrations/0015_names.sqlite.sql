-- Tables named by the terms of the field: responses that are stored for idempotency keys, and the epoch of the database.
ALTER TABLE life RENAME TO database_epoch;
ALTER TABLE answers RENAME TO stored_responses;

DROP INDEX answers_by_age;
DROP INDEX answers_by_number;
DROP INDEX answers_by_network;
CREATE INDEX stored_responses_by_age ON stored_responses (created_at);
CREATE INDEX stored_responses_by_number ON stored_responses (number) WHERE number IS NOT NULL;
CREATE INDEX stored_responses_by_network ON stored_responses (holder, number) WHERE number IS NOT NULL;
