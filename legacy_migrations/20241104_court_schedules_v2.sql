-- the old table is kept for the lawyers, the new one takes its name
alter table court_schedules rename to court_schedules_old;

create type time_slot as (starts_at time, ends_at time);
alter type time_slot add attribute label text;

create table court_schedules (
    id bigint generated always as identity primary key,
    term_code varchar(12) not null references court_terms (term_code),
    room_id uuid references rooms (id),
    session_day date not null,
    slot time_slot not null,
    status text not null default 'planned' check (status in ('planned', 'held', 'cancelled')),
    check ((slot).ends_at > (slot).starts_at)
);

insert into court_schedules (term_code, session_day, slot) values
  ('2024-FALL', '2024-11-11', row('09:00', '12:30', 'morning')),
  ('2024-FALL', '2024-11-11', row('13:30', '17:00', 'afternoon'));

alter table court_schedules add column adjourned_to date;
