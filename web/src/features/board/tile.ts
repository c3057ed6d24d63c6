// A tile as the server counts it, with its parts in words and colours.
import { theme } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../../api/client";
import { said } from "../../app/language";
import { chartInk, LEVEL_INK } from "../../app/theme";
import { isDark } from "../../ui/Mark";
import { useDates } from "../../ui/When";

export type Tile = Shapes["Tile"];
export type Part = Shapes["TilePart"];
/** A part that can be shown. */
export type Shown = { key: string; name: string; count: number; to: string; ink: string };

export function listOf(register: string, filter: string): string {
  return `/registers/${register}${filter === "" ? "" : `?filter=${encodeURIComponent(filter)}`}`;
}

/** The list of all that a tile counts; none where what it counts is no list: records by their deadlines leave out those
 * that have none. */
export function wholeOf(tile: Tile): string | undefined {
  switch (tile.of) {
    case "clock":
      return undefined;
    case "month":
      // from the first of the months on
      return listOf(tile.register, (tile.parts[0]?.filter ?? tile.filter).replace(/,?recorded<=[^,]*/, ""));
    default:
      return listOf(tile.register, tile.filter);
  }
}

/** The parts of a tile in the reader's words; those that are records go by what they are called. */
export function useParts(tile: Tile, names: Record<string, string>): Shown[] {
  const { t, i18n } = useTranslation();
  const { token } = theme.useToken();
  const dates = useDates();
  const dark = isDark(token.colorBgContainer);
  const word = (part: Part): string => {
    switch (tile.of) {
      case "label":
      case "level":
        return part.key === "open" ? t("level.open") : t(`level.${part.key.replace(".", "_")}`);
      case "clock":
        return t(`deadline.${part.key}`);
      case "month":
        return dates.month(part.key);
      case "bool":
        return t(part.key === "true" ? "yes" : "no");
      case "record":
        return names[part.key] ?? "…";
      default:
        return said(part.name, i18n.language) || part.key;
    }
  };
  const clocks: Record<string, string> = {
    running: token.colorPrimary,
    overdue: token.colorError,
    met: token.colorSuccess,
    late: token.colorWarning,
  };
  const ink = (part: Part, at: number): string => {
    const level = LEVEL_INK[part.key];
    if (part.key === "open" && tile.of !== "state") {
      return token.colorTextDescription;
    }
    if (level && ["label", "level"].includes(tile.of ?? "")) {
      return dark ? level.inkDark : level.ink;
    }
    if (tile.of === "clock") {
      return clocks[part.key] ?? token.colorPrimary;
    }
    return ["month", "record"].includes(tile.of ?? "") ? chartInk(0, dark) : chartInk(at, dark);
  };
  return tile.parts.map((part, at) => ({
    key: part.key,
    name: word(part),
    count: part.count,
    to: listOf(tile.register, part.filter),
    ink: ink(part, at),
  }));
}
