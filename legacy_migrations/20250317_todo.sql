-- TODO  split rooms.capacity into seats and standing room (ask the fire marshal)
/* ALTER TABLE rooms ADD COLUMN standing int;
   ALTER TABLE rooms RENAME capacity TO seats;
   -- not before the summer recess */
