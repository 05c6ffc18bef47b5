CREATE TABLE another_path.t (
    a integer,
    b integer
);
