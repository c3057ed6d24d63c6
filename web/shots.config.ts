import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

// what `cargo xtask shots` runs: a picture of every screen, for people to look at
export default defineConfig({
  ...journeys,
  testDir: "e2e/shots",
  testMatch: "*.shots.ts",
  testIgnore: [],
  timeout: 900_000,
  use: { ...journeys.use, trace: "off" },
});
