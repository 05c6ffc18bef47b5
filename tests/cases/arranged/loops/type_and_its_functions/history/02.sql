CREATE TABLE type_and_its_functions.paint (id integer PRIMARY KEY, shade type_and_its_functions.colour);
