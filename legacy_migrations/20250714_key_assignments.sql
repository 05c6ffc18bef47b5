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

-- a key is with one person at a time
CREATE UNIQUE INDEX key_assignments_current_idx ON key_assignments (key_id) WHERE returned_at IS NULL;

ALTER TABLE key_assignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY key_assignments_read ON key_assignments FOR SELECT TO authenticated
    USING (profile_id = auth.uid() OR is_admin(auth.uid()));

INSERT INTO key_assignments (key_id, holder_name, due_back)
SELECT id, 'Night watch', NULL FROM keys WHERE key_number = 'M-1';
INSERT INTO key_assignments (key_id, holder_name, due_back)
SELECT k.id, 'Hon. A. Rivera', '2025-12-20'::date FROM keys k WHERE k.key_number = 'CH-0101';
