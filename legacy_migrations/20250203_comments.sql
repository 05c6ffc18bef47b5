-- documentation day
COMMENT ON TABLE public.rooms IS 'Rooms of all buildings; don''t delete, set capacity to 0';
COMMENT ON COLUMN public.rooms.room_number IS 'As on the door, e.g. 101 or B-12';
COMMENT ON COLUMN public.tickets.form_no IS 'TODO';
COMMENT ON COLUMN public.tickets.form_no IS 'Number of the paper form';
COMMENT ON TYPE room_type_enum IS 'keep in step with room_types';
COMMENT ON CONSTRAINT court_terms_dates ON court_terms IS 'a term ends after it starts';
COMMENT ON INDEX tickets_open_idx IS 'ticket board';
COMMENT ON COLUMN public.profiles.department_id IS 'filled in by HR';
COMMENT ON COLUMN public.profiles.department_id IS NULL;
