CREATE SCHEMA json_values;
CREATE TABLE json_values.held (id int PRIMARY KEY, raw json, doc jsonb, path jsonpath);
DO $rows$ BEGIN
INSERT INTO json_values.held VALUES
    (1, '{"b":  1, "a": 2, "b": 3}', '{"b":  1, "a": 2, "b": 3}', '$.rooms[*] ? (@.seats > 10)'),
    (2, ' [1,2.50, 1e3] ', '[1,2.50, 1e3, {"nested": {"quote": "it''s", "back": "\\"}}]', 'strict $."a b"'),
    (3, 'null', 'null', NULL),
    (4, '"\u00fc"', '"\u00fc\n"', '$'),
    (5, NULL, '{}', NULL);
END $rows$;
UPDATE json_values.held SET doc = jsonb_set(doc, '{a}', '{"at": [true, null]}') WHERE id = 1;
ALTER TABLE json_values.held RENAME COLUMN id TO number;
