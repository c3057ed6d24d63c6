// What is under way in the reader's own name: what they hold, what they have to give back or to do, and by when. Where a
// person is named is read from the definitions; one who is named in a line finds it in the inbox.
import { useQueries } from "@tanstack/react-query";
import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import type { Definition } from "../../registers/definition";
import { NameOf } from "../../registers/fields/NameOf";
import { type Place, placesOf } from "../../registers/places";
import { filtered, type RecordView, useDefinitions } from "../../registers/queries";
import { StateTag } from "../../registers/StateTag";
import { titleOf } from "../../registers/titles";
import { readRecord } from "../../registers/underway";
import { Sheet } from "../../ui/Sheet";
import { useDates } from "../../ui/When";

/** More than these are seen in their list. */
const EACH = 5;

type Found = Place & { records: RecordView[]; more: boolean };

/** The server says of a record that is asked for by itself when something of it is due. */
async function found(place: Place, me: string): Promise<Found> {
  const { definition, field } = place;
  const records = await filtered(definition.key, `${field.key}:${me},open:yes`, EACH + 1);
  const shown = records.slice(0, EACH);
  const whole =
    definition.clocks.length > 0 ? await Promise.all(shown.map((one) => readRecord(one.id))) : shown;
  return { ...place, records: whole, more: records.length > EACH };
}

export function InMyName() {
  const me = useMe().person?.id;
  const definitions = useDefinitions();
  const places = me === undefined ? [] : placesOf(definitions.data ?? [], "person");
  const groups = useQueries({
    queries: places.map((place) => ({
      queryKey: ["records", place.definition.key, "mine", place.field.key],
      queryFn: () => found(place, me ?? ""),
    })),
  });
  const some = groups.flatMap((one) => (one.data && one.data.records.length > 0 ? [one.data] : []));
  return some.length === 0 ? null : <Groups groups={some} me={me ?? ""} />;
}

function Groups({ groups, me }: { groups: Found[]; me: string }) {
  const { t, i18n } = useTranslation();
  return (
    <Sheet title={t("mydesk.title")}>
      <div className="scroll-x">
        <table className="grid">
          <thead>
            <tr>
              {["desk.register", "desk.record", "mydesk.due", "record.state", "mydesk.about"].map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.flatMap((group) =>
              group.records.map((record, at) => (
                <tr key={`${group.field.key} ${record.id}`}>
                  {at === 0 && (
                    <th scope="rowgroup" style={{ whiteSpace: "normal" }} rowSpan={group.records.length}>
                      <Link
                        to={`/registers/${group.definition.key}?filter=${group.field.key}:${me},open:yes`}
                      >
                        {said(group.definition.name, i18n.language)}{" "}
                        <Typography.Text type="secondary">
                          {said(group.field.name, i18n.language)}
                          {group.more ? t("mydesk.more") : ""}
                        </Typography.Text>
                      </Link>
                    </th>
                  )}
                  <Row definition={group.definition} record={record} />
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </Sheet>
  );
}

function Row({ definition, record }: { definition: Definition; record: RecordView }) {
  const { t } = useTranslation();
  const about = definition.fields.find((field) => field.type === "link" && record.fields[field.key]);
  return (
    <>
      <td>
        <Link to={`/records/${record.id}`}>
          <bdi>{titleOf(record, definition.title) || t("record.open")}</bdi>
        </Link>
      </td>
      <td>
        <Due record={record} />
      </td>
      <td>
        <StateTag definition={definition} state={record.state} />
      </td>
      <td>{about && <NameOf id={String(record.fields[about.key])} />}</td>
    </>
  );
}

/** The first of what runs out. */
function Due({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const dates = useDates();
  const running = record.clocks.filter((clock) => ["running", "overdue"].includes(clock.state));
  const [first] = running.sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
  if (!first) {
    return null;
  }
  return first.state === "overdue" ? (
    <Typography.Text type="danger" strong>
      {dates.instant(first.due_at)} {t("mydesk.late")}
    </Typography.Text>
  ) : (
    <span>{dates.instant(first.due_at)}</span>
  );
}
