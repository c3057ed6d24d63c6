// A mark in its legal form (机密★10年), and a level: always with its word, never by colour alone.
import { theme } from "antd";
import type { Shapes } from "../api/client";
import { useSpeech } from "../app/speech";
import { LEVEL_INK, LEVELS } from "../app/theme";
import { useShows } from "./shown";

export function highest(levels: string[]): string | undefined {
  return LEVELS.find((level) => levels.includes(level));
}

export function LevelTag({ level, text }: { level: string | undefined; text?: string }) {
  const { t } = useSpeech();
  const { token } = theme.useToken();
  const ink = level ? LEVEL_INK[level] : undefined;
  const dark = isDark(token.colorBgContainer);
  const style = ink
    ? {
        color: dark ? ink.inkDark : ink.ink,
        background: dark ? "transparent" : ink.paper,
        borderColor: "currentColor",
      }
    : {};
  return (
    <span className="tag" style={style}>
      {text ?? (level ? t(`level.${level.replace(".", "_")}`, { defaultValue: level }) : t("level.open"))}
    </span>
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
