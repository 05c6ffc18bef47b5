CREATE TABLE kept (a integer);
BEGIN;
CREATE TABLE never (a integer);
INSERT INTO kept VALUES (1);
