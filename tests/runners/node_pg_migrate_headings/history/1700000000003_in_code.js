exports.up = (pgm) => pgm.createTable("halls", { id: "id" });
