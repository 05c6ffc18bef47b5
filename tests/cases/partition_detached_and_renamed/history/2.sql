INSERT INTO app.users (email) VALUES ('a@x'), ('b@x');
INSERT INTO app.events (at, user_id, note) VALUES ('2024-03-01', 1, 'old'), ('2025-02-01', 2, 'new');
