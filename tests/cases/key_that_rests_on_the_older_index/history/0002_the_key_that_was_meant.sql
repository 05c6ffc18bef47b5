ALTER TABLE clients DROP CONSTRAINT clients_pkey;
ALTER TABLE clients DROP COLUMN pk;
ALTER TABLE clients ADD PRIMARY KEY (id);
CREATE TABLE codes (client text NOT NULL REFERENCES clients (id), code text NOT NULL);
