CREATE TABLE ordered.rooms (size ordered.size);
