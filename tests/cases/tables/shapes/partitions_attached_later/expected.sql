CREATE TABLE parted.log (
    id bigint NOT NULL, -- drawn by the application
    at date NOT NULL,
    what text,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

-- Everything that came from paper.
CREATE TABLE parted.log_old PARTITION OF parted.log FOR VALUES FROM (MINVALUE) TO ('2024-01-01');

CREATE TABLE parted.log_rest PARTITION OF parted.log DEFAULT;

CREATE TABLE parted.log_new (
    id bigint CONSTRAINT log_id_not_null NOT NULL,
    at date CONSTRAINT log_at_not_null NOT NULL,
    what text,
    CONSTRAINT log_new_pkey PRIMARY KEY (id, at)
);

-- Made by hand in January.
CREATE TABLE parted.log_2025 (
    id bigint NOT NULL,
    at date NOT NULL, -- of the entry
    what text,
    CONSTRAINT log_2025_pkey PRIMARY KEY (id, at)
);

CREATE INDEX log_at ON parted.log (at); -- for the report

CREATE INDEX log_what ON parted.log (what);
