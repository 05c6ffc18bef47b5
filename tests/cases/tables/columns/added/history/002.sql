-- Where it stands.
ALTER TABLE added.t ADD COLUMN c varchar(20) NOT NULL DEFAULT 'here', ADD d date;
ALTER TABLE added.t ADD COLUMN IF NOT EXISTS d text;
