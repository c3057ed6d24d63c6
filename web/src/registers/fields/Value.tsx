// What a field holds, as it is read.
import { said } from "../../app/language";
import { useSpeech } from "../../app/speech";
import { LevelTag } from "../../ui/Mark";
import { useDates } from "../../ui/When";
import { type Field, target } from "../definition";
import { NameOf } from "./NameOf";
import { useTermText } from "./term";

type Shown = { field: Field; value: unknown };

export function Value({ field, value }: Shown) {
  const { t, language } = useSpeech();
  const dates = useDates();
  if (value === null || value === undefined || value === "") {
    return <span className="quiet">—</span>;
  }
  if (target(field) !== undefined) {
    return <Links value={value} />;
  }
  switch (field.type) {
    case "bool":
      return <>{value === true ? t("yes") : t("no")}</>;
    case "date":
      return <>{dates.day(String(value))}</>;
    case "datetime":
      return <>{dates.instant(String(value))}</>;
    case "period": {
      const { from, to } = value as { from: string; to: string };
      return <>{`${dates.day(from)} – ${dates.day(to)}`}</>;
    }
    case "choice":
      return <>{choice(field, String(value), language)}</>;
    case "choices":
      return <>{(value as string[]).map((one) => choice(field, one, language)).join(t("list.and"))}</>;
    case "computed":
      return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? dates.day(String(value)) : <Plain value={value} />;
    case "level":
      return <LevelTag level={value === "open" ? undefined : String(value)} />;
    case "term":
      return <TermText value={value} />;
    case "checklist":
      return <Checklist field={field} value={value as Record<string, string>} />;
    case "table":
      return <Rows columns={field.columns ?? []} rows={value as Record<string, unknown>[]} />;
    case "file":
    case "files":
      return <>{t("files.count", { count: Array.isArray(value) ? value.length : 1 })}</>;
    default:
      return <Plain value={value} />;
  }
}

/** Text that somebody typed: shown as it is, never as markup, and kept from turning what stands around it. */
function Plain({ value }: { value: unknown }) {
  const { language } = useSpeech();
  if (Array.isArray(value)) {
    return <>{value.map((one) => plain(one, language)).join("、")}</>;
  }
  return (
    <bdi className="pre" dir="auto">
      {plain(value, language)}
    </bdi>
  );
}

function plain(value: unknown, language: string): string {
  if (value !== null && typeof value === "object") {
    const named = value as { name?: unknown; zh?: string; en?: string };
    if (named.zh !== undefined && named.en !== undefined) {
      return said({ zh: named.zh, en: named.en }, language);
    }
    return typeof named.name === "string" ? named.name : JSON.stringify(value);
  }
  return String(value);
}

function choice(field: Field, key: string, language: string): string {
  return (
    said(
      field.choices?.find((one) => one.key === key),
      language,
    ) || key
  );
}

function TermText({ value }: { value: unknown }) {
  return <>{useTermText()(value)}</>;
}

function Links({ value }: { value: unknown }) {
  const all = Array.isArray(value) ? value : [value];
  return (
    <span className="names">
      {all.map((one) =>
        typeof one === "string" ? (
          <NameOf key={one} id={one} />
        ) : (
          <Plain key={JSON.stringify(one)} value={one} />
        ),
      )}
    </span>
  );
}

function Checklist({ field, value }: { field: Field; value: Record<string, string> }) {
  const { t, language } = useSpeech();
  return (
    <ul className="plain-list">
      {(field.choices ?? []).map((item) => (
        <li key={item.key}>
          <span className="tag">{t(`answer.${value[item.key] ?? "none"}`)}</span> {said(item, language)}
        </li>
      ))}
    </ul>
  );
}

function Rows({ columns, rows }: { columns: Field[]; rows: Record<string, unknown>[] }) {
  const { language } = useSpeech();
  return (
    <div className="scroll-x">
      <table className="grid">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                {said(column.name, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // rows have no names of their own
            // biome-ignore lint/suspicious/noArrayIndexKey: their place is all they have
            <tr key={at}>
              {columns.map((column) => (
                <td key={column.key}>
                  <Value field={column} value={row[column.key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
