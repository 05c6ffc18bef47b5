CREATE SCHEMA materialized_view_of_a_grouped_key;
CREATE TABLE materialized_view_of_a_grouped_key.item (id integer NOT NULL, name text);
CREATE TABLE materialized_view_of_a_grouped_key.sale (item integer, amount integer);
INSERT INTO materialized_view_of_a_grouped_key.item VALUES (1, 'pen'), (2, 'ink');
INSERT INTO materialized_view_of_a_grouped_key.sale VALUES (1, 3), (1, 4), (2, 5);
