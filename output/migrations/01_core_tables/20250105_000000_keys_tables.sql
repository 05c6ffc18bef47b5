-- Keys, assignments, requests, orders and their audit
-- Rollback: rollback/01_core_tables/20250105_000000_keys_tables_rollback.sql
-- From: 20240307_create_assign_key_function.sql:2-14
--       20240307_create_assign_key_function_by_number.sql:2-13
--       20250713_keys_table.sql:2-20, 25-29
--       20250714_key_assignments.sql:2-15, 19-22
--       20250715_key_requests.sql:1-9, 13
--       20250716_key_orders.sql:2-19
--       20250717_key_audit.sql:2-10, 12-29
--       20250801_key_fixes.sql:2-15

-- Hands out a key. The tables are coming next sprint, plpgsql does not mind.
CREATE FUNCTION public.assign_key(p_key uuid, p_holder text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    AS $$
DECLARE
  v_id uuid;
BEGIN
  UPDATE keys SET status = 'assigned' WHERE id = p_key AND status = 'available';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'key % is not available', p_key;
  END IF;
  INSERT INTO key_assignments (key_id, holder_name) VALUES (p_key, p_holder) RETURNING id INTO v_id;
  RETURN v_id;
END;
$$;

-- same thing by the number stamped on the key, that's what the desk actually has
CREATE OR REPLACE FUNCTION assign_key(p_key_number text, p_holder text, p_due date DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid;
BEGIN
  v_id := assign_key((SELECT id FROM keys WHERE key_number = p_key_number), p_holder);
  UPDATE key_assignments SET due_back = p_due WHERE id = v_id;
  RETURN v_id;
END;
$$;
COMMENT ON FUNCTION public.assign_key(p_key_number text, p_holder text, p_due date) IS 'by key number; for the front desk';

-- Keys: the master table
CREATE TYPE key_type_enum AS ENUM ('physical', 'card', 'fob');

CREATE TYPE access_level_enum AS ENUM ('room', 'floor', 'building', 'master');

CREATE TABLE keys (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key_number   varchar(20) NOT NULL UNIQUE,       -- stamped on the key
    key_type     key_type_enum NOT NULL DEFAULT 'physical',
    access_level access_level_enum NOT NULL DEFAULT 'room',
    status       varchar(20) NOT NULL DEFAULT 'available'
                 CHECK (status IN ('available', 'assigned', 'lost')),
    opens        text,                              -- free text until rooms are linked
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    -- feedback from the key desk
    room_id uuid references rooms(id) on delete set null,
    copies smallint not null default 1
);

ALTER TABLE keys ENABLE ROW LEVEL SECURITY;

CREATE TRIGGER set_keys_updated_at BEFORE UPDATE ON keys
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- the key cabinet, July 2025
INSERT INTO keys (key_number, key_type, access_level, opens, status) VALUES
  ('M-1', 'physical', 'master', 'everything', 'assigned'),
  ('CH-0101', 'physical', 'room', '101', 'assigned'),
  ('CH-0103', 'card', 'room', '103', 'available'),
  ('CH-0001', 'fob', 'floor', 'First Floor', 'available');

-- who has which key
CREATE TABLE key_assignments (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key_id      uuid NOT NULL REFERENCES keys(id) ON DELETE CASCADE,
    holder_name text NOT NULL,
    profile_id  uuid REFERENCES profiles(id),
    assigned_at timestamptz NOT NULL DEFAULT now(),
    due_back    date,
    returned_at timestamptz
);

ALTER TABLE key_assignments ENABLE ROW LEVEL SECURITY;

-- a key is with one person at a time
CREATE UNIQUE INDEX key_assignments_current_idx ON key_assignments (key_id) WHERE returned_at IS NULL;

INSERT INTO key_assignments (key_id, holder_name, due_back)
SELECT id, 'Night watch', NULL FROM keys WHERE key_number = 'M-1';

INSERT INTO key_assignments (key_id, holder_name, due_back)
SELECT k.id, 'Hon. A. Rivera', '2025-12-20'::date FROM keys k WHERE k.key_number = 'CH-0101';

create table key_requests (
    id uuid primary key default gen_random_uuid(),
    requested_by text not null,
    room_number text,
    reason text,
    status varchar(20) not null default 'pending' check (status in ('pending', 'approved', 'rejected')),
    created_at timestamptz not null default now(),
    decided_at timestamptz
);

alter table key_requests enable row level security;

-- orders at the locksmith
create table key_orders (
    id uuid primary key default gen_random_uuid(),
    form_no bigint not null unique default nextval('form_number_seq'),
    request_id uuid references key_requests(id),
    quantity int not null default 1 check (quantity between 1 and 50),
    unit_price numeric(8,2),
    total numeric(10,2) generated always as (quantity * unit_price) stored,
    status text not null default 'ordered' check (status in ('ordered', 'delivered', 'cancelled')),
    supplier text default 'Locksmith & Sons'
);

alter table key_orders enable row level security;

INSERT INTO public.key_requests (requested_by, room_number, reason, status) VALUES
    ('admin@test.com', '103', 'spare cards', 'approved'),
    ('user@test.com', '102', NULL, 'rejected');

-- every change of a key or an assignment is logged
CREATE TABLE key_audit_logs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    action     text NOT NULL,
    old_data   jsonb,
    new_data   jsonb,
    changed_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE key_audit_logs ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION log_key_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO public.key_audit_logs (table_name, action, old_data, new_data)
  VALUES (TG_TABLE_NAME, lower(TG_OP),
          CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
          CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END);
  RETURN NULL;
END $$;

CREATE TRIGGER trg_keys_audit AFTER INSERT OR UPDATE OR DELETE ON keys
    FOR EACH ROW EXECUTE FUNCTION log_key_change();

CREATE TRIGGER trg_key_assignments_audit AFTER INSERT OR UPDATE OR DELETE ON key_assignments
    FOR EACH ROW EXECUTE FUNCTION log_key_change();

INSERT INTO public.key_audit_logs (id, table_name, action, old_data, new_data) OVERRIDING SYSTEM VALUE VALUES
    (1, 'keys', 'update', ('{"id": ' || to_json((SELECT id FROM public.keys WHERE key_number = 'M-1'))::text || ', "opens": "everything", "status": "available", "key_type": "physical", "created_at": ' || to_json(now())::text || ', "key_number": "M-1", "updated_at": ' || to_json(now())::text || ', "access_level": "master"}')::jsonb, ('{"id": ' || to_json((SELECT id FROM public.keys WHERE key_number = 'M-1'))::text || ', "opens": "everything", "status": "assigned", "key_type": "physical", "created_at": ' || to_json(now())::text || ', "key_number": "M-1", "updated_at": ' || to_json(now())::text || ', "access_level": "master"}')::jsonb),
    (2, 'keys', 'update', ('{"id": ' || to_json((SELECT id FROM public.keys WHERE key_number = 'CH-0101'))::text || ', "opens": "101", "status": "available", "key_type": "physical", "created_at": ' || to_json(now())::text || ', "key_number": "CH-0101", "updated_at": ' || to_json(now())::text || ', "access_level": "room"}')::jsonb, ('{"id": ' || to_json((SELECT id FROM public.keys WHERE key_number = 'CH-0101'))::text || ', "opens": "101", "status": "assigned", "key_type": "physical", "created_at": ' || to_json(now())::text || ', "key_number": "CH-0101", "updated_at": ' || to_json(now())::text || ', "access_level": "room"}')::jsonb);

create index keys_room_idx on keys (room_id) where room_id is not null;

-- new numbering scheme; M-1 keeps its stamp
alter table keys add constraint keys_number_scheme check (key_number ~ '^[A-Z]{2}-[0-9]{4}$') not valid;

INSERT INTO public.key_orders (form_no, request_id, quantity, unit_price, status, supplier) VALUES
    (1006, (SELECT id FROM public.key_requests WHERE requested_by = 'admin@test.com'), 2, 12.50, 'ordered', 'Card Systems Inc.');

-- Rights
REVOKE ALL ON FUNCTION public.assign_key(pg_catalog.uuid,pg_catalog.text) FROM PUBLIC, anon;
REVOKE ALL ON TABLE public.key_assignments, public.key_orders, public.key_requests, public.keys FROM anon;
GRANT SELECT ON TABLE public.key_assignments, public.key_orders, public.key_requests, public.keys TO dashboard_user;
REVOKE ALL ON TABLE public.key_audit_logs FROM anon, authenticated;
GRANT SELECT ON TABLE public.key_audit_logs TO authenticated, dashboard_user;

-- Sequence positions
SELECT pg_catalog.setval('public.key_audit_logs_id_seq', 2, true);
