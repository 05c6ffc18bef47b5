-- for the Monday meeting
CREATE MATERIALIZED VIEW ticket_stats AS
SELECT t.status, count(*) AS tickets, min(t.form_no) AS first_form
FROM tickets t
GROUP BY t.status;

CREATE UNIQUE INDEX ticket_stats_status_idx ON ticket_stats (status);
