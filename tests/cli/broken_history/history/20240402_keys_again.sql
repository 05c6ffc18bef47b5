CREATE TABLE keys (
    id uuid PRIMARY KEY
);
