-- what stands in the rooms
CREATE TABLE room_equipment (
    room_number text NOT NULL,        -- as on the door
    item        text NOT NULL,
    quantity    int  NOT NULL DEFAULT 1,
    PRIMARY KEY (room_number, item)
);

INSERT INTO room_equipment (room_number, item, quantity) VALUES
  ('101', 'microphone', 2),
  ('103', 'microphone', 1),
  ('103', 'screen', 1);

-- for the Monday meeting
CREATE MATERIALIZED VIEW equipment_stats AS
SELECT e.item, sum(e.quantity) AS pieces, count(*) AS rooms
FROM room_equipment e
GROUP BY e.item;

CREATE UNIQUE INDEX equipment_stats_item_idx ON equipment_stats (item);
