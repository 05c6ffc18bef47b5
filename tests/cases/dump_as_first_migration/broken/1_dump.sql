\restrict abc
CREATE DATABASE books WITH TEMPLATE = template0 ENCODING = 'UTF8';
\unrestrict abc
\connect books
\restrict abc
CREATE TABLE entries ();
\! date
