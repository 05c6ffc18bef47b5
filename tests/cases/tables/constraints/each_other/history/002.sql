ALTER TABLE each_other.a ADD COLUMN b int REFERENCES each_other.b;
