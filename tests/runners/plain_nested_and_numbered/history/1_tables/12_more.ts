exports.up = (knex) => knex.raw("SELECT 1");
