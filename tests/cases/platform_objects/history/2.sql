drop publication supabase_realtime;
create or replace function auth.email() returns text language sql stable as $$ select 'nobody' $$;
create role reporting nologin;
grant select on todos to reporting;
alter table todos owner to service_role;
insert into auth.users (id, email) values ('00000000-0000-0000-0000-0000000000aa','a@b.c');
insert into todos (owner) select id from auth.users;
alter table storage.objects add column virus_scanned boolean not null default false;
drop function auth.jwt() cascade;
