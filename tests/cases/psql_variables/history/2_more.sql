\set schema app
CREATE INDEX limits_made ON :"schema".limits (made) \g
COMMENT ON TABLE app.limits IS :'schema';
