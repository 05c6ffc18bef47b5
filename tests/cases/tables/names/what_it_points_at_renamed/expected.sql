CREATE TABLE pointed_at.q (
    number int CONSTRAINT p_id_not_null NOT NULL CONSTRAINT p_pkey PRIMARY KEY
);

CREATE TYPE pointed_at.moods AS ENUM ('good', 'bad');

CREATE TABLE pointed_at.t (
    a int REFERENCES pointed_at.q (number),
    m pointed_at.moods -- today's
);
