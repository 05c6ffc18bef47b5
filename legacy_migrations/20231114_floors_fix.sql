-- the pipeline failed half way on staging so make it re-runnable
CREATE TABLE IF NOT EXISTS floors (
    id bigserial PRIMARY KEY,
    building uuid REFERENCES buildings(id),
    level smallint NOT NULL,
    label varchar(40)
);

ALTER TABLE floors ADD COLUMN IF NOT EXISTS name varchar(40) NOT NULL DEFAULT 'unnamed';
ALTER TABLE floors ADD COLUMN IF NOT EXISTS plan_url text;

CREATE INDEX IF NOT EXISTS floors_building_idx ON floors (building_id);
CREATE INDEX IF NOT EXISTS floors_building_idx ON floors (building_id, floor_number DESC);
