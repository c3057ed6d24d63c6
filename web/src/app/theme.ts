// How it looks: calm ink, dense tables, vermilion for the seal and for the highest level alone.
import { type ThemeConfig, theme } from "antd";

export type Shade = "light" | "dark";

const KEPT = "ruping.shade";

export function firstShade(): Shade {
  const kept = localStorage.getItem(KEPT);
  if (kept === "light" || kept === "dark") {
    return kept;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function keepShade(shade: Shade) {
  localStorage.setItem(KEPT, shade);
}

/** From the most secret down; families side by side. */
export const LEVELS = [
  "state.top_secret",
  "state.secret",
  "state.confidential",
  "trade.core",
  "trade.ordinary",
  "work.internal",
];

/** One colour for each level, wherever it is shown; its word stands beside it. */
export const LEVEL_INK: Record<string, { ink: string; paper: string; inkDark: string }> = {
  "state.top_secret": { ink: "#9c1c14", paper: "#fbeae8", inkDark: "#ff9a90" },
  "state.secret": { ink: "#7a3b00", paper: "#fbf0e2", inkDark: "#f0b072" },
  "state.confidential": { ink: "#4d4600", paper: "#f6f3d9", inkDark: "#d9cf6b" },
  "trade.core": { ink: "#4a2a7a", paper: "#f0eaf8", inkDark: "#c4a7f0" },
  "trade.ordinary": { ink: "#2d4470", paper: "#e9eef7", inkDark: "#a5bde8" },
  "work.internal": { ink: "#1f5560", paper: "#e4f1f3", inkDark: "#8fcad4" },
};

/** Colours of what has none of its own, in the order in which they are used. */
const CHART = ["#1d3557", "#5b7a9d", "#8a6d3b", "#4f7a6b", "#8a5a74", "#6b7280", "#a08a5b", "#39546e"];
const CHART_DARK = ["#7d9bc4", "#9fb8d6", "#cfae74", "#8fbfae", "#c99ab2", "#9aa0a8", "#d3c08f", "#88a4c0"];

export function chartInk(at: number, dark: boolean): string {
  const all = dark ? CHART_DARK : CHART;
  return all[at % all.length] ?? "#6b7280";
}

export function themeOf(shade: Shade): ThemeConfig {
  const dark = shade === "dark";
  return {
    algorithm: dark
      ? [theme.darkAlgorithm, theme.compactAlgorithm]
      : [theme.defaultAlgorithm, theme.compactAlgorithm],
    token: {
      motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      colorPrimary: dark ? "#7d9bc4" : "#1d3557",
      colorInfo: dark ? "#7d9bc4" : "#1d3557",
      colorLink: dark ? "#9db8dc" : "#1d4a80",
      colorError: dark ? "#e0685c" : "#b3261e",
      colorWarning: dark ? "#d9a441" : "#8a5a00",
      colorSuccess: dark ? "#69b07c" : "#2b6b3d",
      colorWarningBg: dark ? "#2a2113" : "#fbf3e2",
      colorWarningBorder: dark ? "#5c4a1e" : "#dcc493",
      colorInfoBg: dark ? "#16202e" : "#eef2f7",
      colorInfoBorder: dark ? "#2c3f59" : "#c3d0e0",
      controlItemBgActive: dark ? "#22303f" : "#e6ebf2",
      controlItemBgActiveHover: dark ? "#2a3a4c" : "#dbe3ee",
      colorTextPlaceholder: dark ? "#9aa0a8" : "#6b7280",
      colorTextTertiary: dark ? "#a5abb3" : "#5f6672",
      colorTextDescription: dark ? "#b0b6be" : "#5a6270",
      fontSize: 14,
      borderRadius: 3,
      fontFamily:
        "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif",
    },
    components: {
      Layout: dark
        ? { siderBg: "#14171c", headerBg: "#14171c", bodyBg: "#0e1013", lightSiderBg: "#14171c" }
        : { siderBg: "#fbfaf7", headerBg: "#ffffff", bodyBg: "#f4f2ec", lightSiderBg: "#fbfaf7" },
      Menu: dark
        ? { itemHeight: 32 }
        : { itemBg: "#fbfaf7", subMenuItemBg: "#fbfaf7", itemSelectedBg: "#e6ebf2", itemHeight: 32 },
      Table: { cellPaddingBlockSM: 6, headerBorderRadius: 0 },
    },
  };
}
