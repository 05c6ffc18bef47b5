CREATE SCHEMA guarded;
CREATE TABLE guarded.t (a integer);
CREATE TABLE guarded.u (a integer);
CREATE TABLE guarded.v (a integer);
CREATE TABLE guarded.w (a integer -- kept
);
