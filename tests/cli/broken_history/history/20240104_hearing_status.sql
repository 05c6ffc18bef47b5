CREATE TYPE hearing_status AS ENUM ('planned', 'held');
