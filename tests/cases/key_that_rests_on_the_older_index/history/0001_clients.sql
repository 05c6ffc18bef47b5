CREATE TABLE clients (pk integer PRIMARY KEY, id text NOT NULL);
CREATE UNIQUE INDEX clients_id ON clients (id);
CREATE TABLE tokens (client text NOT NULL REFERENCES clients (id), token text NOT NULL);
