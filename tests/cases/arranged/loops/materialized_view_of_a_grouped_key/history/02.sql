ALTER TABLE materialized_view_of_a_grouped_key.item ADD CONSTRAINT item_pkey PRIMARY KEY (id);
CREATE MATERIALIZED VIEW materialized_view_of_a_grouped_key.sold AS
    SELECT i.id, i.name, sum(s.amount) AS amount FROM materialized_view_of_a_grouped_key.item i JOIN materialized_view_of_a_grouped_key.sale s ON s.item = i.id GROUP BY i.id;
REFRESH MATERIALIZED VIEW materialized_view_of_a_grouped_key.sold;
