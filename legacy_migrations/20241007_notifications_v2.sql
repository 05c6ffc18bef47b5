-- v1 never worked, start over
DROP TABLE notifications;

CREATE TABLE notifications (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    recipient_id uuid REFERENCES profiles(id) ON DELETE CASCADE,
    title text NOT NULL,
    body text,
    sent_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Read own notifications" ON notifications FOR SELECT TO authenticated
    USING (recipient_id = auth.uid());

-- maintenance notices go to everybody and point to a ticket
CREATE TABLE maintenance_notices (
    ticket_id uuid REFERENCES tickets(id),
    PRIMARY KEY (id)
) INHERITS (notifications);

-- oops, forgot this one
ALTER TABLE notifications ADD COLUMN read_at timestamptz;
