CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE definition (
  key TEXT NOT NULL, version BIGINT NOT NULL, digest TEXT NOT NULL, source TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (key, version)
);
CREATE TABLE class (
  id {auto}, digest TEXT NOT NULL UNIQUE, body TEXT NOT NULL
);
CREATE TABLE record (
  id TEXT PRIMARY KEY, register TEXT NOT NULL, number TEXT, state TEXT NOT NULL, version BIGINT NOT NULL,
  class_id BIGINT NOT NULL REFERENCES class (id), label TEXT NOT NULL, body TEXT NOT NULL,
  drafter TEXT, created_by TEXT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL, open BIGINT NOT NULL,
  parent_id TEXT REFERENCES record (id), line_no BIGINT
);
CREATE UNIQUE INDEX record_number ON record (register, number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX record_line ON record (parent_id, register, line_no) WHERE parent_id IS NOT NULL;
CREATE INDEX record_newest ON record (register, created_at DESC, id DESC, class_id);
CREATE INDEX record_state ON record (register, state, created_at DESC, id DESC, class_id);
CREATE INDEX record_class ON record (register, class_id, created_at DESC, id DESC, state);
CREATE TABLE version (
  id TEXT NOT NULL UNIQUE, record_id TEXT NOT NULL REFERENCES record (id), version BIGINT NOT NULL, at BIGINT NOT NULL,
  actor TEXT NOT NULL, action TEXT NOT NULL, state TEXT NOT NULL, definition BIGINT NOT NULL,
  commitment TEXT NOT NULL, entry_id TEXT NOT NULL, sealed {blob},
  PRIMARY KEY (record_id, version)
);
CREATE TABLE field_index (
  register TEXT NOT NULL, field TEXT NOT NULL, text_value TEXT, int_value BIGINT, reading TEXT,
  record_id TEXT NOT NULL REFERENCES record (id), PRIMARY KEY (record_id, field)
){clustered};
CREATE INDEX field_text ON field_index (register, field, text_value, record_id) WHERE text_value IS NOT NULL;
CREATE INDEX field_int ON field_index (register, field, int_value, record_id) WHERE int_value IS NOT NULL;
CREATE TABLE unique_value (
  register TEXT NOT NULL, field TEXT NOT NULL, class_id BIGINT NOT NULL REFERENCES class (id),
  value TEXT NOT NULL, record_id TEXT NOT NULL,
  PRIMARY KEY (register, field, class_id, value)
){clustered};
CREATE INDEX unique_record ON unique_value (record_id, field);
CREATE TABLE link (
  from_id TEXT NOT NULL REFERENCES record (id), field TEXT NOT NULL, to_id TEXT NOT NULL,
  PRIMARY KEY (from_id, field, to_id)
){clustered};
CREATE INDEX link_back ON link (to_id, from_id, field);
CREATE TABLE reservation (
  target_id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record (id), field TEXT NOT NULL
);
CREATE INDEX reservation_record ON reservation (record_id);
CREATE TABLE ground (
  record_id TEXT NOT NULL, person_id TEXT NOT NULL, kind TEXT NOT NULL, cause_id TEXT NOT NULL, until BIGINT,
  PRIMARY KEY (record_id, person_id, kind, cause_id)
){clustered};
CREATE INDEX ground_person ON ground (person_id, record_id);
CREATE TABLE counter (series TEXT PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE holding (
  copy_id TEXT PRIMARY KEY REFERENCES record (id), item_id TEXT NOT NULL REFERENCES record (id),
  serial BIGINT NOT NULL, status TEXT NOT NULL CHECK (status IN
    ('held', 'out', 'in_transit', 'sent', 'returned', 'archived', 'destroyed', 'missing')),
  person_id TEXT, place_id TEXT, since BIGINT NOT NULL,
  UNIQUE (item_id, serial),
  CHECK (status NOT IN ('held', 'out') OR person_id IS NOT NULL),
  CHECK (status <> 'held' OR place_id IS NOT NULL)
);
CREATE INDEX holding_person ON holding (person_id);
CREATE TABLE movement (
  id {auto}, copy_id TEXT NOT NULL REFERENCES holding (copy_id), item_id TEXT NOT NULL, at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL, kind TEXT NOT NULL, from_status TEXT, to_status TEXT NOT NULL,
  from_person TEXT, to_person TEXT, from_place TEXT, to_place TEXT, cause_id TEXT NOT NULL, entry_id TEXT NOT NULL
);
CREATE INDEX movement_copy ON movement (copy_id, id);
CREATE INDEX movement_item ON movement (item_id, id);
CREATE TABLE knowledge (
  item_id TEXT NOT NULL, person_id TEXT NOT NULL, how TEXT NOT NULL, at BIGINT NOT NULL, cause_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  PRIMARY KEY (item_id, person_id, how, at)
);
CREATE TABLE file (
  id TEXT PRIMARY KEY, record_id TEXT, object_id TEXT NOT NULL, sealed_name {blob}, media_type TEXT NOT NULL,
  size BIGINT NOT NULL, sha256 TEXT NOT NULL, created_by TEXT NOT NULL, created_at BIGINT NOT NULL,
  kek TEXT NOT NULL, binding TEXT NOT NULL, seal {blob}, erased_at BIGINT
);
CREATE INDEX file_record ON file (record_id);
CREATE UNIQUE INDEX file_object ON file (object_id);
CREATE TABLE kek (
  id TEXT PRIMARY KEY, scope TEXT NOT NULL, generation BIGINT NOT NULL, wrapped {blob}
);
CREATE TABLE approval (
  id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record (id), register TEXT NOT NULL,
  action TEXT NOT NULL, digest TEXT NOT NULL, frozen TEXT NOT NULL, steps TEXT NOT NULL, step BIGINT NOT NULL,
  state TEXT NOT NULL, requested_by TEXT NOT NULL, requested_person TEXT, at BIGINT NOT NULL, closed_at BIGINT,
  class_id BIGINT NOT NULL REFERENCES class (id), once BIGINT NOT NULL, reason TEXT
);
CREATE INDEX approval_record ON approval (record_id);
CREATE INDEX approval_state ON approval (state, at);
CREATE INDEX approval_asker ON approval (requested_by, state);
CREATE TABLE decider (
  approval_id TEXT NOT NULL REFERENCES approval (id), step BIGINT NOT NULL, party TEXT NOT NULL,
  signs BIGINT NOT NULL, PRIMARY KEY (approval_id, step, party)
);
CREATE INDEX decider_party ON decider (party, approval_id);
CREATE TABLE decision (
  approval_id TEXT NOT NULL REFERENCES approval (id), step BIGINT NOT NULL, person_id TEXT NOT NULL,
  account_id TEXT NOT NULL, for_person TEXT, verdict TEXT NOT NULL, comment TEXT, at BIGINT NOT NULL,
  PRIMARY KEY (approval_id, step, person_id)
);
CREATE TABLE signature (
  record_id TEXT NOT NULL REFERENCES record (id), version BIGINT NOT NULL, role TEXT NOT NULL,
  person_id TEXT NOT NULL, method TEXT NOT NULL, digest TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (record_id, version, role, person_id)
);
CREATE TABLE clock (
  id TEXT PRIMARY KEY, record_id TEXT NOT NULL REFERENCES record (id), key TEXT NOT NULL,
  started_at BIGINT NOT NULL, due_at BIGINT NOT NULL, next_at BIGINT, fired TEXT NOT NULL,
  stopped_at BIGINT, expired_at BIGINT
);
-- a deadline that is moved is stopped, and runs anew from where it ran before
CREATE UNIQUE INDEX clock_running ON clock (record_id, key, started_at) WHERE stopped_at IS NULL;
CREATE INDEX clock_of ON clock (record_id);
CREATE INDEX clock_next ON clock (next_at);
CREATE TABLE notice (
  id {auto}, person_id TEXT NOT NULL, record_id TEXT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL, read_at BIGINT
);
CREATE INDEX notice_person ON notice (person_id, at, record_id, kind);
CREATE TABLE entry (
  n {auto}, id TEXT NOT NULL UNIQUE, body {blob}, idx BIGINT UNIQUE, record_id TEXT, at BIGINT NOT NULL
);
CREATE INDEX entry_record ON entry (record_id, n);
CREATE TABLE log_file (path TEXT PRIMARY KEY, body {blob});
CREATE TABLE account (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, person_id TEXT UNIQUE, password TEXT NOT NULL, totp {blob},
  totp_next {blob}, roles TEXT NOT NULL, side TEXT, must_change BIGINT NOT NULL, failures BIGINT NOT NULL,
  locked_until BIGINT, otp_counter BIGINT, disabled BIGINT NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE recovery (
  account_id TEXT NOT NULL REFERENCES account (id), hash TEXT NOT NULL, PRIMARY KEY (account_id, hash)
);
CREATE TABLE account_change (
  account_id TEXT PRIMARY KEY REFERENCES account (id), kind TEXT NOT NULL CHECK (kind IN ('roles', 'reset')),
  roles TEXT NOT NULL, disabled BIGINT NOT NULL, password TEXT, asked_by TEXT NOT NULL REFERENCES account (id),
  at BIGINT NOT NULL
);
CREATE TABLE session (
  token TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account (id), csrf TEXT NOT NULL,
  created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, step_up_until BIGINT
);
CREATE INDEX session_account ON session (account_id, created_at);
CREATE TABLE token (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, prefix TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES account (id), name TEXT NOT NULL, scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT, revoked_at BIGINT
);
CREATE INDEX token_account ON token (account_id, created_at);
CREATE TABLE idempotency (
  account_id TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, answer TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (account_id, key)
);
CREATE TABLE job (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL, run_at BIGINT NOT NULL,
  lease_until BIGINT, attempts BIGINT NOT NULL, result TEXT, created_at BIGINT NOT NULL, created_by TEXT NOT NULL
);
CREATE INDEX job_due ON job (state, run_at);
CREATE TABLE batch (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, register TEXT NOT NULL, account_id TEXT NOT NULL REFERENCES account (id),
  state TEXT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX batch_account ON batch (account_id, kind, created_at);
CREATE TABLE batch_row (
  batch_id TEXT NOT NULL REFERENCES batch (id), row_no BIGINT NOT NULL, outcome TEXT NOT NULL,
  asked TEXT NOT NULL, result TEXT, PRIMARY KEY (batch_id, row_no)
){clustered};
CREATE INDEX batch_outcome ON batch_row (batch_id, outcome, row_no);
CREATE TABLE import_head (
  account_id TEXT NOT NULL REFERENCES account (id), register TEXT NOT NULL, head TEXT NOT NULL, field TEXT NOT NULL,
  PRIMARY KEY (account_id, register, head)
){clustered};
-- what an account keeps for itself: drafts of forms, views of lists; no act, and no entry of the log
CREATE TABLE kept (
  account_id TEXT NOT NULL REFERENCES account (id), kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
  at BIGINT NOT NULL, PRIMARY KEY (account_id, kind, key)
);
CREATE INDEX kept_age ON kept (kind, at);
CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, epoch BIGINT NOT NULL, until BIGINT NOT NULL)
