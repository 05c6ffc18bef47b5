CREATE TABLE invoices (
    id integer PRIMARY KEY,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users,
    updated_at timestamptz
);
CREATE TABLE invoice_lines (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_notes (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_files (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_labels (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_events (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_rules (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_totals (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE TABLE invoice_drafts (
    id integer PRIMARY KEY,
    invoice_id integer NOT NULL REFERENCES invoices,
    organization_id integer NOT NULL REFERENCES organizations,
    created_by integer REFERENCES users
);
CREATE INDEX ON invoice_lines (invoice_id);
CREATE TRIGGER touch BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON invoices USING (is_member(organization_id));

ALTER TABLE invoices ADD COLUMN order_id integer REFERENCES orders;
ALTER TABLE orders ADD COLUMN last_invoice_id integer REFERENCES invoices;
CREATE FUNCTION internal.log_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoice_events VALUES (NEW.id, NEW.last_invoice_id, NEW.organization_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER log_order AFTER INSERT ON orders FOR EACH ROW
    WHEN (NEW.last_invoice_id IS NOT NULL) EXECUTE FUNCTION internal.log_order();
CREATE VIEW invoiced_orders AS SELECT o.id, i.id AS invoice_id FROM orders o JOIN invoices i ON i.order_id = o.id;
CREATE VIEW last_invoices AS SELECT max(invoice_id) AS id FROM invoiced_orders;
INSERT INTO organizations (id, owner_id, plan) VALUES (1, 1, 'paid');
INSERT INTO organization_members VALUES (1, 1, 'owner');
INSERT INTO invoices (id, organization_id) VALUES (1, 1);
INSERT INTO orders (id, organization_id, last_invoice_id) VALUES (1, 1, 1);
