INSERT INTO insert_returning.orders (buyer) VALUES ('Ada') RETURNING id;

WITH made AS (
    INSERT INTO insert_returning.orders (buyer) VALUES ('Grace') RETURNING id
)
INSERT INTO insert_returning.lines SELECT id, 'lectern' FROM made;
