ALTER TABLE constraints_added.t ADD PRIMARY KEY (a);
-- b is small
ALTER TABLE constraints_added.t ADD CONSTRAINT small CHECK (b < 10), ADD UNIQUE (b);
ALTER TABLE constraints_added.t ADD FOREIGN KEY (b) REFERENCES constraints_added.p ON DELETE CASCADE;
