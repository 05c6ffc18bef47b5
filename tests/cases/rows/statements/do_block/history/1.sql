CREATE SCHEMA do_block;
CREATE TABLE do_block.hours (weekday text PRIMARY KEY, opens time, closes time);
DO $$
DECLARE
    day text;
BEGIN
    FOREACH day IN ARRAY ARRAY['Mon', 'Tue', 'Wed'] LOOP
        INSERT INTO do_block.hours VALUES (day, '09:00', '17:00');
    END LOOP;
    UPDATE do_block.hours SET closes = '12:30' WHERE weekday = 'Wed';
END $$;
