;;CREATE TABLE single ();;
;-- end;