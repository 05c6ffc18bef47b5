-- Everything, in order.
\set app shop
\i tables/goods.sql
\ir tables/orders.sql
CREATE VIEW totals AS SELECT good, count(*) AS orders FROM orders GROUP BY good;
\i views.sql
