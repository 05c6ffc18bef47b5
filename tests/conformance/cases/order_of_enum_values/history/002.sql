ALTER TYPE ordered.size ADD VALUE 'tiny' BEFORE 'small';
ALTER TYPE ordered.size ADD VALUE 'medium' AFTER 'small';
