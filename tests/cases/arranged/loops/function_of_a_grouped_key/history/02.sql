ALTER TABLE function_of_a_grouped_key.item ADD CONSTRAINT item_pkey PRIMARY KEY (id);
CREATE FUNCTION function_of_a_grouped_key.sold() RETURNS TABLE (id integer, name text, amount bigint) LANGUAGE sql
    BEGIN ATOMIC
        SELECT i.id, i.name, sum(s.amount) FROM function_of_a_grouped_key.item i JOIN function_of_a_grouped_key.sale s ON s.item = i.id GROUP BY i.id;
    END;
