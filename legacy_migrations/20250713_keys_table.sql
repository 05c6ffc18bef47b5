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
    updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER set_keys_updated_at BEFORE UPDATE ON keys
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

ALTER TABLE keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY keys_read ON keys FOR SELECT TO authenticated USING (true);
CREATE POLICY keys_admin ON keys FOR ALL TO authenticated USING (is_admin(auth.uid()));

-- the key cabinet, July 2025
INSERT INTO keys (key_number, key_type, access_level, opens) VALUES
  ('M-1', 'physical', 'master', 'everything'),
  ('CH-0101', 'physical', 'room', '101'),
  ('CH-0103', 'card', 'room', '103'),
  ('CH-0001', 'fob', 'floor', 'First Floor');
