--! Previous: sha1:cccc
--! Hash: sha1:bbbb

SELECT 1;
