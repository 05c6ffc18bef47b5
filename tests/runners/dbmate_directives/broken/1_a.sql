-- migrate:up transactional:no
SELECT 1;
