CREATE TABLE from_a_query.t (
    a integer,
    b integer
);
