INSERT INTO rooms (name) VALUES ('Great hall'), ('Annex');
