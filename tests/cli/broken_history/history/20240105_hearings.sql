CREATE TABLE hearings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    judge_id uuid NOT NULL REFERENCES judges,
    status hearing_status NOT NULL DEFAULT 'planned',
    held_on date
);
