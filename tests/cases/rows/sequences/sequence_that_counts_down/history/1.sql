CREATE SCHEMA sequence_that_counts_down;
CREATE SEQUENCE sequence_that_counts_down.countdown INCREMENT BY -10 MAXVALUE 100 MINVALUE 0 START WITH 100 CYCLE;
CREATE TABLE sequence_that_counts_down.launches (at int DEFAULT nextval('sequence_that_counts_down.countdown'));
INSERT INTO sequence_that_counts_down.launches DEFAULT VALUES;
INSERT INTO sequence_that_counts_down.launches DEFAULT VALUES;
ALTER SEQUENCE sequence_that_counts_down.countdown RESTART WITH 50;
INSERT INTO sequence_that_counts_down.launches DEFAULT VALUES;
ALTER SEQUENCE sequence_that_counts_down.countdown RESTART;
