-- Profiles.  One row per person, same id as auth.users
CREATE DOMAIN public.email_address AS text
    CONSTRAINT email_address_shape CHECK (VALUE ~* '^[^@[:space:]]+@[^@[:space:]]+[.][a-z]+$');

CREATE TYPE public.user_role AS ENUM ('staff', 'administrator');

CREATE TABLE public.profiles (
    id uuid PRIMARY KEY REFERENCES auth.users(id) ON DELETE CASCADE,
    email public.email_address NOT NULL UNIQUE,
    first_name text NOT NULL,
    surname text NOT NULL,
    role public.user_role NOT NULL DEFAULT 'staff',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- full name is computed, the front end kept getting it wrong
ALTER TABLE public.profiles
    ADD COLUMN full_name text GENERATED ALWAYS AS (first_name || ' ' || surname) STORED;

-- RFC 5321 says 254
ALTER DOMAIN public.email_address ADD CONSTRAINT email_address_length CHECK (length(VALUE) <= 254);
