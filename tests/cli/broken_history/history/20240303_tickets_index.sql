CREATE INDEX tickets_open ON tickets (opened) WHERE state = 'open';
