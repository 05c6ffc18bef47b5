-- slow query report, first batch
create unique index profiles_email_lower_idx on profiles (lower(email));
create index tickets_open_idx on tickets (created_at desc) where status in ('open', 'in_progress', 'waiting');
create index profiles_initials_idx on profiles ((left(first_name, 1) || left(last_name, 1)));
create index rooms_big_idx on rooms (building_id, capacity desc nulls last) include (room_number) where capacity >= 20;
