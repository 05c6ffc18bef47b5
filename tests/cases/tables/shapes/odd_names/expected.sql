CREATE TABLE odd_names."The, table" (
    "a, (b" int DEFAULT 3, -- straße, (not a list)
    """quoted""" text /* one, two */,
    "weiß nicht" numeric(8, 2) CONSTRAINT "The, table_größe_check" CHECK ("weiß nicht" > 0),
    "from" text DEFAULT 'a, b)'
);
