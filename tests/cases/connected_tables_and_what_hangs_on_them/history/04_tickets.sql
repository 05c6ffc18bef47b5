CREATE TABLE tickets (
    id integer PRIMARY KEY,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users,
    updated_at timestamptz
);
CREATE TABLE ticket_lines (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_notes (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_files (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_labels (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_events (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_rules (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_totals (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE ticket_drafts (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE INDEX ON ticket_lines (ticket_id);
CREATE TRIGGER touch BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON tickets USING (is_member(organization_id));

CREATE TABLE changes (id integer PRIMARY KEY, what text) PARTITION BY RANGE (id);
CREATE TABLE changes_first PARTITION OF changes FOR VALUES FROM (0) TO (1000);
CREATE TABLE settings (name text PRIMARY KEY, value text);
INSERT INTO settings VALUES ('colour', 'red');
ALTER TABLE tickets ADD COLUMN urgency urgency NOT NULL DEFAULT 'low';
