CREATE SCHEMA publication_before_its_tables;
CREATE TABLE publication_before_its_tables.early (id integer PRIMARY KEY);
CREATE TABLE publication_before_its_tables.late (id integer PRIMARY KEY);
CREATE PUBLICATION news_of_publication_before_its_tables FOR TABLE publication_before_its_tables.early, publication_before_its_tables.late;
