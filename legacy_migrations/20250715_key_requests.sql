create table key_requests (
    id uuid primary key default gen_random_uuid(),
    requested_by text not null,
    room_text text,
    reason text,
    status varchar(20) not null default 'pending' check (status in ('pending', 'approved', 'rejected')),
    created_at timestamptz not null default now()
);
alter table key_requests enable row level security;
create policy key_requests_insert on key_requests for insert to authenticated with check (status = 'pending');
create policy key_requests_admin on key_requests for all to authenticated using (is_admin(auth.uid()));

insert into key_requests (requested_by, room_text, status) values ('user@test.com', '102', 'rejected');
