-- Made by hand in January.
CREATE TABLE parted.log_2025 (
    id bigint NOT NULL,
    at date NOT NULL, -- of the entry
    what text
);
ALTER TABLE parted.log ATTACH PARTITION parted.log_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX log_what ON parted.log (what);
