\encoding WIN1252
CREATE VIEW preise AS SELECT '5 €'::text AS "für";
