CREATE SCHEMA type_changed_after_the_rows;
CREATE TABLE type_changed_after_the_rows.payments (id int PRIMARY KEY, amount text, status text);
INSERT INTO type_changed_after_the_rows.payments VALUES (1, '12.50 USD', 'paid'), (2, '3 USD', 'open');
CREATE TYPE type_changed_after_the_rows.status AS ENUM ('open', 'paid');
ALTER TABLE type_changed_after_the_rows.payments
    ALTER COLUMN amount TYPE numeric(10, 2) USING split_part(amount, ' ', 1)::numeric,
    ALTER COLUMN status TYPE type_changed_after_the_rows.status USING status::type_changed_after_the_rows.status;
