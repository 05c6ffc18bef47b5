UPDATE judges SET chamber = 'North' WHERE bench = 1;
