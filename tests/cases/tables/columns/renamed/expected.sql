CREATE TABLE renamed_column.t (
    a int PRIMARY KEY,
    "Value" int CONSTRAINT t_value_not_null NOT NULL CONSTRAINT t_value_check CHECK ("Value" > 0),
    twice int GENERATED ALWAYS AS ("Value" * 2) STORED,
    label text CONSTRAINT t_b_key UNIQUE,
    CHECK (a < "Value")
);
