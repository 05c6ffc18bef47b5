CREATE TABLE a ();
-- +goose Up
SELECT 1;
