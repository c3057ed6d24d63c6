//! Damage done with SQL.

use super::{Bench, Damages};

pub(super) fn damages() -> Damages {
    let mut damages = versions();
    damages.extend(records());
    damages.extend(entries());
    damages.extend(derived());
    damages.extend(custody());
    damages.extend(erasures());
    damages.extend(decisions());
    damages.extend(knowledge());
    damages
}

fn versions() -> Damages {
    Damages::from([
        (
            "version-forged",
            (|bench| {
                let record = bench.case.kept.to_string();
                bench
                    .server
                    .forge_version(&record, 1, "留存文件", "改过文件")
                    .unwrap();
            }) as fn(&mut Bench),
        ),
        ("version-byte", |bench| {
            let row = format!("record_id = '{}' AND version = 1", bench.case.kept);
            let mut sql = bench.server.sql().unwrap();
            let mut sealed = sql
                .blob(&format!("SELECT sealed FROM version WHERE {row}"))
                .unwrap();
            *sealed.last_mut().unwrap() ^= 1;
            let put = format!("UPDATE version SET sealed = $1 WHERE {row}");
            assert_eq!(sql.put_blob(&put, &sealed).unwrap(), 1);
        }),
        ("version-actor", |bench| {
            bench.sql("UPDATE version SET actor = '{\"system\":\"setup\"}' WHERE action = 'lend'");
        }),
        ("signature-removed", |bench| {
            bench.sql("DELETE FROM signature WHERE role = 'lend'");
        }),
        ("signature-signer", |bench| {
            let other = "(SELECT id FROM record WHERE register = 'unit')";
            bench.sql(&format!(
                "UPDATE signature SET person_id = {other} WHERE role = 'lend'"
            ));
        }),
        ("version-removed", |bench| {
            let loan = bench.case.loan;
            bench.sql(&format!(
                "DELETE FROM version WHERE record_id = '{loan}' AND version = 1"
            ));
        }),
    ])
}

/// Changes the columns of the loan's current row.
fn set(bench: &Bench, columns: &str) {
    bench.sql(&format!(
        "UPDATE record SET {columns} WHERE id = '{}'",
        bench.case.loan
    ));
}

fn records() -> Damages {
    Damages::from([
        (
            "record-state",
            (|bench| set(bench, "state = 'approved'")) as fn(&mut Bench),
        ),
        ("record-field", |bench| {
            set(bench, "body = replace(body, '评审', '自用')")
        }),
        ("record-class", |bench| {
            let open = "(SELECT MIN(id) FROM class WHERE id <> record.class_id)";
            set(bench, &format!("class_id = {open}"));
        }),
        ("record-drafter", |bench| set(bench, "drafter = NULL")),
        ("record-open", |bench| set(bench, "open = 0")),
        ("record-times", |bench| {
            set(bench, "created_at = created_at - 1")
        }),
        ("record-removed", |bench| {
            bench.sql(&format!(
                "DELETE FROM record WHERE id = '{}'",
                bench.case.loan
            ));
        }),
    ])
}

/// Deletes the newest entries that have their place in the log.
pub(super) fn lose_entries(bench: &mut Bench) {
    bench.sql("DELETE FROM entry WHERE idx > (SELECT MAX(idx) FROM entry) - 4");
}

fn entries() -> Damages {
    Damages::from([
        (
            "entry-changed",
            (|bench| {
                let mut sql = bench.server.sql().unwrap();
                let body = sql.blob("SELECT body FROM entry WHERE idx = 20").unwrap();
                let body =
                    String::from_utf8(body)
                        .unwrap()
                        .replacen("\"at\":\"2026", "\"at\":\"2025", 1);
                let put = "UPDATE entry SET body = $1 WHERE idx = 20";
                assert_eq!(sql.put_blob(put, body.as_bytes()).unwrap(), 1);
            }) as fn(&mut Bench),
        ),
        ("entry-removed", |bench| {
            bench.sql("DELETE FROM entry WHERE idx = 20")
        }),
        ("entries-lost", lose_entries),
        ("entries-lost-serving", lose_entries),
    ])
}

fn derived() -> Damages {
    Damages::from([
        (
            "link-added",
            (|bench| {
                let (from, to) = (bench.case.kept, bench.case.doomed);
                bench.sql(&format!(
                    "INSERT INTO link VALUES ('{from}', 'unit', '{to}')"
                ));
            }) as fn(&mut Bench),
        ),
        ("index-changed", |bench| {
            bench.sql(&format!(
                "UPDATE field_index SET text_value = 'x' WHERE record_id = '{}' \
                 AND text_value IS NOT NULL",
                bench.case.kept
            ));
        }),
        ("unique-added", |bench| {
            let record = bench.case.kept;
            bench.sql(&format!(
                "INSERT INTO unique_value (register, field, class_id, value, record_id) \
                 SELECT 'document', 'doc_no', class_id, 'x', id FROM record WHERE id = '{record}'"
            ));
        }),
        ("reservation-removed", |bench| {
            bench.sql("DELETE FROM reservation")
        }),
        ("clock-silenced", |bench| {
            let loan = bench.case.loan;
            bench.sql(&format!(
                "UPDATE clock SET next_at = NULL WHERE record_id = '{loan}'"
            ));
        }),
        ("clock-removed", |bench| {
            bench.sql(&format!(
                "DELETE FROM clock WHERE record_id = '{}'",
                bench.case.loan
            ));
        }),
        ("ground-added", |bench| {
            let (record, loan) = (bench.case.kept, bench.case.loan);
            let somebody = bench
                .text("SELECT id FROM record WHERE register = 'person' AND body LIKE '%\"jian\"%'");
            bench.sql(&format!(
                "INSERT INTO ground VALUES ('{record}', '{somebody}', 'task', '{loan}', NULL)"
            ));
        }),
        ("ground-removed", |bench| {
            bench.sql("DELETE FROM ground WHERE kind = 'drafter'")
        }),
        ("counter-moved", |bench| {
            bench.sql("UPDATE counter SET value = value + 1 WHERE series LIKE 'document:%'");
        }),
    ])
}

fn custody() -> Damages {
    Damages::from([
        (
            "holding-moved",
            (|bench| {
                let (lent, stock) = (bench.case.lent, bench.case.stock);
                let other = format!("(SELECT person_id FROM holding WHERE copy_id = '{lent}')");
                bench.sql(&format!(
                    "UPDATE holding SET person_id = {other} WHERE copy_id = '{stock}'"
                ));
            }) as fn(&mut Bench),
        ),
        ("holding-and-record", |bench| {
            let (lent, stock) = (bench.case.lent, bench.case.stock);
            let of = |copy| {
                bench.text(&format!(
                    "SELECT person_id FROM holding WHERE copy_id = '{copy}'"
                ))
            };
            let (other, keeper) = (of(lent), of(stock));
            bench.sql(&format!(
                "UPDATE holding SET person_id = '{other}' WHERE copy_id = '{stock}'"
            ));
            bench.sql(&format!(
                "UPDATE movement SET to_person = '{other}' WHERE copy_id = '{stock}'"
            ));
            bench.sql(&format!(
                "UPDATE record SET body = replace(body, '{keeper}', '{other}') WHERE id = '{stock}'"
            ));
        }),
        ("movement-removed", |bench| {
            let lent = bench.case.lent;
            bench.sql(&format!(
                "DELETE FROM movement WHERE copy_id = '{lent}' AND kind = 'lent'"
            ));
        }),
        ("movement-changed", |bench| {
            bench.sql("UPDATE movement SET from_person = NULL WHERE kind = 'lent'");
        }),
    ])
}

fn erasures() -> Damages {
    Damages::from([
        (
            "erasure-undone",
            (|bench| {
                let gone = bench.case.gone;
                bench.sql(&format!(
                    "UPDATE file SET erased_at = NULL WHERE id = '{gone}'"
                ));
            }) as fn(&mut Bench),
        ),
        ("erasure-unlogged", |bench| {
            let file = bench.case.file;
            bench.sql(&format!(
                "UPDATE file SET erased_at = 1 WHERE id = '{file}'"
            ));
        }),
        ("file-key-removed", |bench| {
            let file = bench.case.file;
            let object = bench.text(&format!("SELECT object_id FROM file WHERE id = '{file}'"));
            remove_key(bench, &object);
        }),
        ("kek-byte", |bench| {
            let mut sql = bench.server.sql().unwrap();
            let mut wrapped = sql
                .blob("SELECT wrapped FROM kek ORDER BY id LIMIT 1")
                .unwrap();
            *wrapped.last_mut().unwrap() ^= 1;
            let put = "UPDATE kek SET wrapped = $1 WHERE id = (SELECT MIN(id) FROM kek)";
            assert_eq!(sql.put_blob(put, &wrapped).unwrap(), 1);
        }),
        ("record-key-removed", |bench| {
            let record = bench.case.kept.to_string();
            remove_key(bench, &record);
        }),
    ])
}

fn decisions() -> Damages {
    Damages::from([
        (
            "approval-state",
            (|bench| bench.sql("UPDATE approval SET state = 'pending', closed_at = NULL"))
                as fn(&mut Bench),
        ),
        ("approval-asker", |bench| {
            let other = "(SELECT id FROM account WHERE name = 'ling')";
            bench.sql(&format!("UPDATE approval SET requested_by = {other}"));
        }),
        ("approval-frozen", |bench| {
            bench.sql("UPDATE approval SET frozen = replace(frozen, '评审', '自用') WHERE register = 'loan'");
        }),
        ("approval-removed", |bench| {
            bench.sql("DELETE FROM approval WHERE register = 'loan'")
        }),
        ("decision-removed", |bench| {
            bench.sql("DELETE FROM decision")
        }),
        ("decision-verdict", |bench| {
            bench.sql("UPDATE decision SET verdict = 'refuse'")
        }),
        ("decision-added", |bench| {
            let other = "(SELECT person_id FROM account WHERE name = 'yue')";
            bench.sql(&format!(
                "INSERT INTO decision (approval_id, step, person_id, account_id, verdict, comment, at) \
                 SELECT approval_id, step, {other}, account_id, verdict, NULL, at FROM decision"
            ));
        }),
    ])
}

fn knowledge() -> Damages {
    Damages::from([
        (
            "knowledge-removed",
            (|bench| bench.sql("DELETE FROM knowledge")) as fn(&mut Bench),
        ),
        ("knowledge-added", |bench| {
            let other = "(SELECT person_id FROM account WHERE name = 'jian')";
            bench.sql(&format!(
                "INSERT INTO knowledge (item_id, person_id, how, at, cause_id, entry_id) \
                 SELECT item_id, {other}, how, at, cause_id, entry_id FROM knowledge"
            ));
        }),
        ("knowledge-time", |bench| {
            bench.sql("UPDATE knowledge SET at = at + 1000")
        }),
    ])
}

fn remove_key(bench: &Bench, object: &str) {
    let mut keys = bench.server.key_sql().unwrap();
    let removed = keys.run(&format!("DELETE FROM object_key WHERE id = '{object}'"));
    assert_eq!(removed.unwrap(), 1);
}
