-- typed in from the December forms
insert into tickets (title, priority, created_at, updated_at) values
  ('Elevator stuck between 1 and 2', 'high', '2024-12-11 09:12+00', '2024-12-11 09:12+00');
insert into tickets (title, status, created_at, updated_at) values
  ('Door of 103 does not lock', 'waiting', '2024-12-17 11:40+00', '2024-12-17 11:40+00');

insert into ticket_comments (ticket_id, body)
select id, 'Mechanic called' from tickets where title like 'Elevator%';
insert into ticket_comments (ticket_id, body)
select id, 'Waiting for the new lock' from tickets where title like 'Door of 103%';

insert into maintenance_notices (title, ticket_id)
select 'Elevator closed until Friday', t.id from tickets t where t.title like 'Elevator%';
