CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author uuid NOT NULL REFERENCES profiles
);
