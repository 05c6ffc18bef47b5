ALTER TABLE circular.b ADD FOREIGN KEY (a) REFERENCES circular.a;
