ALTER TABLE pointed_at.p RENAME TO q;
ALTER TABLE pointed_at.q RENAME id TO number;
ALTER TYPE pointed_at.mood RENAME TO moods;
