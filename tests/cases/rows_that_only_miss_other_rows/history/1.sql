CREATE TABLE tiers (id text PRIMARY KEY, processors integer NOT NULL);
CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);
CREATE TABLE teams (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tier text NOT NULL REFERENCES tiers,
    name text NOT NULL UNIQUE
);
CREATE TABLE members (user_id integer REFERENCES users, team_id uuid NOT NULL REFERENCES teams);

CREATE FUNCTION found_team() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    team uuid;
BEGIN
    INSERT INTO teams (tier, name) VALUES ('base', NEW.email) RETURNING id INTO team;
    INSERT INTO members VALUES (NEW.id, team);
    RETURN NEW;
END $$;
CREATE TRIGGER found_team AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION found_team();

INSERT INTO tiers (id, processors) VALUES ('base', 2);
INSERT INTO users (id, email) VALUES (1, 'clerk@example.org');
