ALTER TABLE partitioned.t ADD COLUMN c text DEFAULT 'x';
ALTER TABLE partitioned.t ADD PRIMARY KEY (a);
