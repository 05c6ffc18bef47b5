CREATE SCHEMA materialized_views_over_each_other;
CREATE TABLE materialized_views_over_each_other.item (id integer PRIMARY KEY, price integer);
INSERT INTO materialized_views_over_each_other.item VALUES (1, 5), (2, 7);
CREATE MATERIALIZED VIEW materialized_views_over_each_other.total AS SELECT sum(price) AS price FROM materialized_views_over_each_other.item;
CREATE MATERIALIZED VIEW materialized_views_over_each_other.doubled AS SELECT price * 2 AS price FROM materialized_views_over_each_other.total;
CREATE UNIQUE INDEX doubled_price ON materialized_views_over_each_other.doubled (price);
INSERT INTO materialized_views_over_each_other.item VALUES (3, 1);
REFRESH MATERIALIZED VIEW materialized_views_over_each_other.total;
REFRESH MATERIALIZED VIEW materialized_views_over_each_other.doubled;
