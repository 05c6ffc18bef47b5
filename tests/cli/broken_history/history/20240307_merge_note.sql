<<<<<<< HEAD
ALTER TABLE judges ADD COLUMN chamber text;
=======
ALTER TABLE judges ADD COLUMN room text;
>>>>>>> main
