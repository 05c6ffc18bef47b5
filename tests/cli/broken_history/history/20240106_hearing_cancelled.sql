ALTER TYPE hearing_status ADD VALUE 'cancelled';
