create table notifications (
  id serial primary key,
  profile_id uuid references profiles(id),
  message varchar(200) not null,
  seen boolean default false
);
create index on notifications (profile_id);
alter table notifications enable row level security;
create policy "own notifications" on notifications for all using (profile_id = auth.uid());
comment on table notifications is 'v1, polled every minute';
insert into notifications (message) values ('Welcome to the courthouse portal');
grant select on notifications to dashboard_user;
