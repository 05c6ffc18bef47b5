CREATE VIEW open_tickets AS SELECT id, subject FROM tickets WHERE state = 'open';
