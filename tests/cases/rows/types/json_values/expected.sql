INSERT INTO json_values.held (number, raw, doc, path) VALUES
    (1, '{"b":  1, "a": 2, "b": 3}', '{"a": {"at": [true, null]}, "b": 3}', '$."rooms"[*]?(@."seats" > 10)'),
    (2, ' [1,2.50, 1e3] ', E'[1, 2.50, 1000, {"nested": {"back": "\\\\", "quote": "it''s"}}]', 'strict $."a b"'),
    (3, 'null', 'null', NULL),
    (4, E'"\\u00fc"', E'"ü\\n"', '$'),
    (5, NULL, '{}', NULL);
