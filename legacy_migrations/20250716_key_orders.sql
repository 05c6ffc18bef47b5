-- orders at the locksmith
create table key_orders (
    id uuid primary key default gen_random_uuid(),
    form_no bigint not null unique default nextval('form_number_seq'),
    request_id uuid references key_requests(id),
    quantity int not null default 1 check (quantity between 1 and 50),
    unit_price numeric(8,2),
    total numeric(10,2) generated always as (quantity * unit_price) stored,
    status text not null default 'ordered' check (status in ('ordered', 'delivered', 'cancelled'))
);
alter table key_orders enable row level security;

with approved as (
    insert into key_requests (requested_by, room_text, reason, status)
    values ('admin@test.com', '103', 'spare cards', 'approved')
    returning id
)
insert into key_orders (request_id, quantity, unit_price)
select id, 2, 12.50 from approved;
