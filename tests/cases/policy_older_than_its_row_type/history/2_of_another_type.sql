ALTER TYPE caller DROP ATTRIBUTE session;
ALTER TYPE caller ADD ATTRIBUTE session text;
