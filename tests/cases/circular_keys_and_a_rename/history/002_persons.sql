-- the statement that made projects still speaks of people
ALTER TABLE people RENAME TO persons;
