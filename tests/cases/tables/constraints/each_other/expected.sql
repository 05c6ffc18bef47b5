CREATE TABLE each_other.b (
    id int PRIMARY KEY,
    a int
);

CREATE TABLE each_other.a (
    id int PRIMARY KEY,
    b int REFERENCES each_other.b
);

ALTER TABLE ONLY each_other.b
    ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES each_other.a(id);
