CREATE TABLE last_dropped.t (a int -- first
);
