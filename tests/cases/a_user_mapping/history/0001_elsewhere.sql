CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER far_away FOREIGN DATA WRAPPER elsewhere;
CREATE ROLE reader;
CREATE USER MAPPING FOR reader SERVER far_away OPTIONS (account 'r', password 'it''s secret');
CREATE USER MAPPING FOR PUBLIC SERVER far_away;
CREATE FOREIGN TABLE remote (id integer, body text) SERVER far_away;
