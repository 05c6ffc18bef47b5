CREATE SCHEMA volatile_default_taken_away;
CREATE TABLE volatile_default_taken_away.invitations (email text PRIMARY KEY);
INSERT INTO volatile_default_taken_away.invitations VALUES ('ada@example.org'), ('grace@example.org');
ALTER TABLE volatile_default_taken_away.invitations
    ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN sent timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN tries int NOT NULL DEFAULT 0;
ALTER TABLE volatile_default_taken_away.invitations ALTER COLUMN token DROP DEFAULT, ALTER COLUMN tries DROP DEFAULT;
