CREATE TABLE keys (
    id bigint PRIMARY KEY,
    label text NOT NULL
);
