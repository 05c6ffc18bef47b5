--! Previous: -
--! Hash: sha1:aaaa

SELECT 1;
