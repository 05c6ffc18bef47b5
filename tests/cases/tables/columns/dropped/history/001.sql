CREATE SCHEMA dropped;
CREATE TABLE dropped.t (
    a int,
    -- what nobody ever filled in
    b int CHECK (b > 0), -- will go
    c int,
    PRIMARY KEY (a),
    UNIQUE (b, c)
);
