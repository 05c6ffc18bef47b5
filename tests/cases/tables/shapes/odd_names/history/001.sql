CREATE SCHEMA odd_names;
CREATE TABLE odd_names."The, table" (
    "a, (b" int DEFAULT 3, -- straße, (not a list)
    "select" text,
    """quoted""" text /* one, two */,
    "größe" numeric(8, 2) CHECK ("größe" > 0)
);
