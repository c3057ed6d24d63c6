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
