
-- to be done; later
/* or /* ; */ never */
