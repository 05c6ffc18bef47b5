INSERT INTO materialized_view_refreshed_between.loans VALUES (1, 'lectern');

INSERT INTO materialized_view_refreshed_between.loans VALUES (2, 'lectern');

INSERT INTO materialized_view_refreshed_between.loans VALUES (3, 'gavel');
