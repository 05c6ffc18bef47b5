CREATE SCHEMA parted;
CREATE TABLE parted.log (
    id bigint NOT NULL, -- drawn by the application
    at date NOT NULL,
    what text,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
-- Everything that came from paper.
CREATE TABLE parted.log_old PARTITION OF parted.log FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE parted.log_rest PARTITION OF parted.log DEFAULT;
CREATE INDEX log_at ON parted.log (at); -- for the report
