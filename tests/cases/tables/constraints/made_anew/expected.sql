CREATE TABLE made_anew.p (id int PRIMARY KEY);

CREATE TABLE made_anew.t (
    a int,
    b int,
    CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES made_anew.p (id) ON DELETE SET NULL,
    CONSTRAINT small CHECK (b < 20)
);
