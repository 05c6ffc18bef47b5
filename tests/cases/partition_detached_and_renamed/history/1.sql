CREATE SCHEMA app;
SET search_path = app;
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, manager_id int REFERENCES users(id));
CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL, user_id int REFERENCES users(id), note text) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX events_at ON events (at);
