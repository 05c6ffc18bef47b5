CREATE SCHEMA default_written_in_text;
CREATE TABLE default_written_in_text.ticket (id integer, queue text);
CREATE FUNCTION default_written_in_text.next_ticket() RETURNS integer LANGUAGE plpgsql AS
    $$BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM default_written_in_text.ticket); END$$;
ALTER TABLE default_written_in_text.ticket ALTER id SET DEFAULT default_written_in_text.next_ticket();
INSERT INTO default_written_in_text.ticket (queue) VALUES ('a');
