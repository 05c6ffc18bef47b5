CREATE TABLE added.t (
    a int PRIMARY KEY, -- the number
    b text,
    -- Where it stands.
    c varchar(20) NOT NULL DEFAULT 'here',
    d date
);
