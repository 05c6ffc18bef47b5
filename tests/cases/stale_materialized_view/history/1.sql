CREATE TABLE loans (id int PRIMARY KEY, item text NOT NULL);
INSERT INTO loans VALUES (1, 'projector');
CREATE MATERIALIZED VIEW loan_counts AS SELECT item, count(*) AS loans FROM loans GROUP BY item;
