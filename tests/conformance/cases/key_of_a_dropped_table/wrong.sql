CREATE SCHEMA orphaned;
