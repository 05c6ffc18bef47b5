alter role authenticator set statement_timeout = '8s';
alter database postgres set app.name = 'x';
alter table auth.users add column nickname text;
create table todos (id bigint generated always as identity primary key, owner uuid references auth.users(id), done boolean not null default false);
alter table todos enable row level security;
comment on schema public is 'the app';
