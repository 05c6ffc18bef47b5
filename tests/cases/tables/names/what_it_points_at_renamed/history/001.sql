CREATE SCHEMA pointed_at;
CREATE TABLE pointed_at.p (
    id int PRIMARY KEY
);
CREATE TYPE pointed_at.mood AS ENUM ('good', 'bad');
CREATE TABLE pointed_at.t (
    a int REFERENCES pointed_at.p (id),
    m pointed_at.mood -- today's
);
