CREATE SCHEMA internal;
CREATE TYPE plan_kind AS ENUM ('free', 'paid');
CREATE TYPE urgency AS ENUM ('low', 'high');
CREATE TYPE member_role AS ENUM ('owner', 'guest');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');

CREATE TABLE users (
    id integer PRIMARY KEY,
    mail email NOT NULL,
    plan plan_kind NOT NULL DEFAULT 'free',
    updated_at timestamptz
);
CREATE TABLE user_sessions (id integer PRIMARY KEY, user_id integer REFERENCES users, token text);
CREATE TABLE user_logins (id integer PRIMARY KEY, user_id integer REFERENCES users, at date);
CREATE TABLE organizations (
    id integer PRIMARY KEY,
    owner_id integer REFERENCES users,
    plan plan_kind NOT NULL,
    updated_at timestamptz
);
CREATE TABLE organization_members (
    organization_id integer REFERENCES organizations,
    user_id integer REFERENCES users,
    role member_role NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE FUNCTION is_member(wanted integer) RETURNS boolean LANGUAGE sql STABLE AS
    'SELECT EXISTS (SELECT FROM organization_members WHERE organization_id = wanted)';
INSERT INTO users (id, mail) VALUES (1, 'a@b.c');
