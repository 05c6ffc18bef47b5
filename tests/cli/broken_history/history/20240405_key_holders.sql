CREATE TABLE key_holders (
    key_id bigint REFERENCES keys,
    judge_id uuid REFERENCES judges,
    PRIMARY KEY (key_id, judge_id)
);
