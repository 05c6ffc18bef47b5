-- größe
CREATE TABLE räume (
  "größe" integer, -- in m²
	name text DEFAULT 'é
€'
);
