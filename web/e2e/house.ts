// A house of the demonstration for the journeys: its own folder, its own port, everybody's accounts.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const PASSWORD = "ruping-demo-2026";

export type House = { url: string; stop: () => Promise<void> };

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export async function openHouse(): Promise<House> {
  // a house that stands already, while pages are being made (`npm run dev`)
  if (process.env.RUPING_URL) {
    return { url: process.env.RUPING_URL, stop: () => Promise.resolve() };
  }
  const program = process.env.RUPING_BIN ?? "../target/debug/ruping";
  const folder = await mkdtemp(join(tmpdir(), "ruping-journey-"));
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, ["demo", "--data", join(folder, "data"), "--listen", listen], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  await started(child, listen);
  return {
    url: `http://${listen}`,
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function started(child: ChildProcess, listen: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (part: Buffer) => {
      said += part.toString();
      if (said.includes(`http://${listen}`)) {
        resolve();
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the house ended with ${code}:\n${said}`)));
  });
}
