CREATE MATERIALIZED VIEW court_hearings AS
    SELECT c.name, count(*) FROM courts c JOIN rooms r ON r.court_id = c.id GROUP BY c.name;
