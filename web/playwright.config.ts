import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

// the film that stands for a camera; those who run the journeys hear of it here (e2e/camera.ts)
process.env.RUPING_CAMERA ??= join(tmpdir(), `ruping-camera-${process.pid}.y4m`);

export default defineConfig({
  testDir: "e2e",
  // each of the two has a house that its journeys share; more would be too much for a small machine
  workers: 2,
  // WHY so long: they are only waited for where something is wrong, or where the machine has much else to do
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1366, height: 768 },
    timezoneId: "Asia/Shanghai",
    contextOptions: { reducedMotion: "reduce" },
    // WHY not always: to keep what every step showed takes a fifth of the time
    trace: process.env.RUPING_TRACE === undefined ? "off" : "retain-on-failure",
    launchOptions: {
      executablePath: process.env.RUPING_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        `--use-file-for-fake-video-capture=${process.env.RUPING_CAMERA}`,
      ],
    },
  },
});
