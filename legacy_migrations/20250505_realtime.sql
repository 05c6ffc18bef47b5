begin;
  -- remove the supabase_realtime publication
  drop publication if exists supabase_realtime;
  -- re-create it with no tables
  create publication supabase_realtime;
commit;

-- live ticket board and notifications
alter publication supabase_realtime add table tickets;
alter publication supabase_realtime add table public.notifications;
