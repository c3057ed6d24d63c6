// A mark in its legal form (机密★10年), and a level: always with its word, never by colour alone.
import { Tag, theme } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { useShows } from "./shown";

/** From the most secret down; families side by side. */
const ORDER = [
  "state.top_secret",
  "state.secret",
  "state.confidential",
  "trade.core",
  "trade.ordinary",
  "work.internal",
];

const INK: Record<string, { ink: string; paper: string; inkDark: string }> = {
  "state.top_secret": { ink: "#9c1c14", paper: "#fbeae8", inkDark: "#ff9a90" },
  "state.secret": { ink: "#7a3b00", paper: "#fbf0e2", inkDark: "#f0b072" },
  "state.confidential": { ink: "#4d4600", paper: "#f6f3d9", inkDark: "#d9cf6b" },
  "trade.core": { ink: "#4a2a7a", paper: "#f0eaf8", inkDark: "#c4a7f0" },
  "trade.ordinary": { ink: "#2d4470", paper: "#e9eef7", inkDark: "#a5bde8" },
  "work.internal": { ink: "#1f5560", paper: "#e4f1f3", inkDark: "#8fcad4" },
};

export function highest(levels: string[]): string | undefined {
  return ORDER.find((level) => levels.includes(level));
}

export function LevelTag({ level, text }: { level: string | undefined; text?: string }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const ink = level ? INK[level] : undefined;
  const dark = isDark(token.colorBgContainer);
  const style = ink
    ? {
        color: dark ? ink.inkDark : ink.ink,
        background: dark ? "transparent" : ink.paper,
        borderColor: "currentColor",
      }
    : {};
  return (
    <Tag variant="outlined" style={{ margin: 0, whiteSpace: "normal", ...style }}>
      {text ?? (level ? t(`level.${level.replace(".", "_")}`, { defaultValue: level }) : t("level.open"))}
    </Tag>
  );
}

export function isDark(color: string): boolean {
  const found = /^#([0-9a-f]{2})/i.exec(color);
  return found?.[1] !== undefined && Number.parseInt(found[1], 16) < 96;
}

export function Mark({ label }: { label: Shapes["LabelView"] }) {
  const level = highest(Object.values(label.levels));
  useShows(Object.values(label.levels));
  return level === undefined && !label.mark ? null : (
    <LevelTag level={level} {...(label.mark ? { text: label.mark } : {})} />
  );
}
