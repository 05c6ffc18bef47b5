ALTER TABLE none_at_first.t ADD COLUMN a int;
ALTER TABLE none_at_first.t ADD PRIMARY KEY (a);
