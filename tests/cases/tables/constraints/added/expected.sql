CREATE TABLE constraints_added.p (id int PRIMARY KEY);

CREATE TABLE constraints_added.t (
    a int,
    b int,
    PRIMARY KEY (a),
    -- b is small
    CONSTRAINT small CHECK (b < 10),
    UNIQUE (b),
    FOREIGN KEY (b) REFERENCES constraints_added.p ON DELETE CASCADE
);
