CREATE SCHEMA materialized_view_refreshed_between;
CREATE TABLE materialized_view_refreshed_between.loans (id int PRIMARY KEY, item text);
INSERT INTO materialized_view_refreshed_between.loans VALUES (1, 'lectern');
CREATE MATERIALIZED VIEW materialized_view_refreshed_between.counted AS
    SELECT item, count(*) AS loans FROM materialized_view_refreshed_between.loans GROUP BY item;
INSERT INTO materialized_view_refreshed_between.loans VALUES (2, 'lectern');
REFRESH MATERIALIZED VIEW materialized_view_refreshed_between.counted;
INSERT INTO materialized_view_refreshed_between.loans VALUES (3, 'gavel');
