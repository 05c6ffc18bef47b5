SET standard_conforming_strings = off;
CREATE TABLE paths (path text DEFAULT 'ends\');
