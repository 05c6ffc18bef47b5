CREATE SCHEMA foreign_tables;
CREATE FOREIGN DATA WRAPPER wrapper_of_foreign_tables;
CREATE SERVER server_of_foreign_tables FOREIGN DATA WRAPPER wrapper_of_foreign_tables;
CREATE FOREIGN TABLE foreign_tables.elsewhere (id integer) SERVER server_of_foreign_tables;
