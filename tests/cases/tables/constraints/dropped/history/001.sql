CREATE SCHEMA constraints_dropped;
CREATE TABLE constraints_dropped.t (
    a int UNIQUE,
    b int CONSTRAINT positive CHECK (b > 0) NOT NULL,
    c int CHECK (c > 0) CHECK (c < 100),
    CONSTRAINT alike UNIQUE (a, b), -- goes
    PRIMARY KEY (c)
);
