INSERT INTO serial_made_identity.kinds (name) VALUES ('Annex'), ('Courthouse');
