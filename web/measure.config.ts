import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

// what `cargo xtask bench --only pages` runs: figures, not journeys
export default defineConfig({
  ...journeys,
  testDir: "e2e/measure",
  testMatch: "*.measure.ts",
  testIgnore: [],
  timeout: 600_000,
  use: { ...journeys.use, trace: "off" },
});
