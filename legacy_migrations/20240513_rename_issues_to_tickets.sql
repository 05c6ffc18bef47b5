-- "issues" clashes with the issue tracker, everybody says tickets anyway
ALTER TABLE issues RENAME TO tickets;
ALTER TABLE tickets RENAME COLUMN descr TO description;
ALTER INDEX issues_status_idx RENAME TO tickets_status_idx;
ALTER POLICY "Staff read issues" ON tickets RENAME TO "Staff read tickets";

create table ticket_comments (
  id uuid primary key default gen_random_uuid(),
  ticket_id uuid not null references tickets(id) on delete cascade,
  author_id uuid references profiles (id),
  body text not null check (body <> ''),
  created_at timestamptz not null default now()
);

ALTER TABLE profiles RENAME COLUMN surname TO last_name;
