CREATE TABLE each_other.a (
    id int PRIMARY KEY,
    b int
);

CREATE TABLE each_other.b (
    id int PRIMARY KEY,
    a int REFERENCES each_other.a
);

ALTER TABLE ONLY each_other.a
    ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES each_other.b(id);
