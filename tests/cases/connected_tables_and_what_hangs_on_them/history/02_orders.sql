CREATE TABLE orders (
    id integer PRIMARY KEY,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users,
    updated_at timestamptz
);
CREATE TABLE order_lines (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_notes (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_files (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_labels (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_events (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_rules (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_totals (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE order_drafts (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE INDEX ON order_lines (order_id);
CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON orders USING (is_member(organization_id));

CREATE TYPE order_state AS ENUM ('open', 'sent');
ALTER TABLE orders ADD COLUMN state order_state NOT NULL DEFAULT 'open';
CREATE FUNCTION count_lines(wanted integer) RETURNS bigint LANGUAGE plpgsql STABLE AS
    $$BEGIN RETURN (SELECT count(*) FROM order_lines WHERE order_id = wanted); END$$;
CREATE VIEW open_orders AS
    SELECT o.id, count(l.id) AS lines FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
    WHERE o.state = 'open' GROUP BY o.id;
ALTER TABLE orders ADD COLUMN urgency urgency NOT NULL DEFAULT 'low';
