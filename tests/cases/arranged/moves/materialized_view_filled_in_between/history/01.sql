CREATE SCHEMA materialized_view_filled_in_between;
CREATE TABLE materialized_view_filled_in_between.item (id integer PRIMARY KEY);
INSERT INTO materialized_view_filled_in_between.item VALUES (1);
CREATE MATERIALIZED VIEW materialized_view_filled_in_between.seen AS SELECT id FROM materialized_view_filled_in_between.item;
INSERT INTO materialized_view_filled_in_between.item VALUES (2);
