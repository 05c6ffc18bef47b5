CREATE TABLE key_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
