-- The outbox: letters to be rendered and sent by mail, in the transaction of what they tell of. `unsubscribe` is the
-- address with which whoever gets such letters switches them off: letters with one can wait for those without.

CREATE TABLE mails (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    recipient    text NOT NULL,
    language     text NOT NULL,
    facts        json NOT NULL,
    unsubscribe  text,
    message_id   text NOT NULL UNIQUE,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'kept', 'refused')),
    attempts     integer NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    leased_by    integer,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    done_at      timestamptz
);
CREATE INDEX mails_due ON mails ((unsubscribe IS NOT NULL), next_at, id) WHERE state = 'waiting';
CREATE INDEX mails_done ON mails (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE mail_attachments (
    mail_id    bigint NOT NULL REFERENCES mails ON DELETE CASCADE,
    position   integer NOT NULL,
    name       text NOT NULL,
    media_type text NOT NULL,
    content    bytea NOT NULL,
    PRIMARY KEY (mail_id, position)
);
