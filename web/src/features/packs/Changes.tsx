// What differs between two definitions, and between two texts.
import { Tag, Typography, theme } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../../api/client";

type Changed = Shapes["Changed"];

/** How much of a value is told. */
const MOST = 300;

function shortened(text: string | null | undefined): string {
  const words = text ?? "";
  return words.length > MOST ? `${words.slice(0, MOST)}…` : words;
}

/** Parts of a definition that people know by name; the rest stands under "other". */
const PARTS = [
  "fields",
  "lines",
  "states",
  "actions",
  "approvals",
  "rules",
  "clocks",
  "prints",
  "migrations",
];

export function Changes({ changes }: { changes: Changed[] }) {
  const { t } = useTranslation();
  const partOf = (one: Changed) => PARTS.find((part) => one.path.split(".")[0] === part) ?? "other";
  const groups = [...PARTS, "other"].map((part) => ({
    part,
    all: changes.filter((one) => partOf(one) === part),
  }));
  if (changes.length === 0) {
    return <Typography.Text type="secondary">{t("packs.noChange")}</Typography.Text>;
  }
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>{t("packs.part")}</th>
          <th>{t("packs.place")}</th>
          <th>{t("packs.change")}</th>
        </tr>
      </thead>
      <tbody>
        {groups.flatMap(({ part, all }) =>
          all.map((one) => (
            <tr key={one.path}>
              <td>{t(`packs.part_${part}`)}</td>
              <td>
                <code>{one.path}</code>
              </td>
              <td>
                <Sign was={one.was} is={one.is} /> {one.was != null && <del>{shortened(one.was)}</del>}{" "}
                {one.is != null && <ins>{shortened(one.is)}</ins>}
              </td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}

function Sign({ was, is }: { was: string | null | undefined; is: string | null | undefined }) {
  const { t } = useTranslation();
  const word = was == null ? "added" : is == null ? "removed" : "changed";
  return (
    <Tag variant="outlined" style={{ margin: 0 }}>
      {t(`packs.is_${word}`)}
    </Tag>
  );
}

/** Lines around a change that are shown with it. */
const AROUND = 3;

export function TextDiff({ lines, label }: { lines: Shapes["TextLine"][]; label: string }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some((one) => one.is !== "same"),
  );
  const color: Record<string, string> = { gone: token.colorError, new: token.colorSuccess };
  if (!near.includes(true)) {
    return <Typography.Text type="secondary">{t("packs.sameText")}</Typography.Text>;
  }
  return (
    <figure style={{ margin: 0 }}>
      <figcaption>
        <code>{label}</code>
      </figcaption>
      <pre className="pre code">
        {lines.map((line, at) => {
          if (!near[at]) {
            return near[at - 1] ? `⋯\n` : "";
          }
          const sign = line.is === "same" ? " " : line.is === "gone" ? "-" : "+";
          const text = `${sign} ${line.text}\n`;
          return line.is === "same" ? (
            text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else, and stay where they are
            <span key={at} style={{ color: color[line.is] }}>
              {text}
            </span>
          );
        })}
      </pre>
    </figure>
  );
}

export function Mistakes({ mistakes }: { mistakes: Shapes["PackMistake"][] }) {
  const { t, i18n } = useTranslation();
  const zh = i18n.language === "zh-CN";
  return (
    <table className="grid">
      <caption className="unseen">{t("packs.mistakes", { count: mistakes.length })}</caption>
      <thead>
        <tr>
          <th>{t("packs.place")}</th>
          <th>{t("packs.wrong")}</th>
          <th>{t("packs.mend")}</th>
        </tr>
      </thead>
      <tbody>
        {mistakes.map((one) => (
          <tr key={`${one.file}:${one.line}:${one.column}:${one.code}:${one.say.en}`}>
            <td>
              <code>
                {one.file}:{one.line}:{one.column}
              </code>
            </td>
            <td>
              {zh ? one.say.zh : one.say.en}{" "}
              <Typography.Text type="secondary">
                <code>{one.code}</code>
              </Typography.Text>
            </td>
            <td>{zh ? one.remedy.zh : one.remedy.en}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
