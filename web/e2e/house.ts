// A house of the demonstration for the journeys: its own folder, its own port, everybody's accounts.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const PASSWORD = "ruping-demo-2026";

export type House = { url: string; stop: () => Promise<void> };

/** Ports of houses begin here. WHY below those that systems give away: one of these may be given to a connection between being found and being used. */
const PORTS = 20_000;
/** So many are for one worker. */
const EACH = 1_000;
let tried = process.pid % (EACH / 2);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function freePort(): Promise<number> {
  const own = PORTS + EACH * Number(process.env.TEST_PARALLEL_INDEX ?? 0);
  for (let turn = 0; turn < EACH; turn += 1) {
    tried = (tried + 1) % EACH;
    if (await isFree(own + tried)) {
      return own + tried;
    }
  }
  throw new Error(`no port is free from ${own} on`);
}

/** Ends a program the polite way. */
async function ended(child: ChildProcess) {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await gone;
}

/** A house of the demonstration; `packs` are files that it drops into its packs before it starts anew. */
export async function openHouse(packs: Record<string, string> = {}): Promise<House> {
  // a house that stands already, while pages are being made (`npm run dev`)
  if (process.env.RUPING_URL) {
    return { url: process.env.RUPING_URL, stop: () => Promise.resolve() };
  }
  const program = process.env.RUPING_BIN ?? "../target/debug/ruping";
  const folder = await mkdtemp(join(tmpdir(), "ruping-journey-"));
  const listen = `127.0.0.1:${await freePort()}`;
  const place = join(folder, "data");
  const spawned = (...args: string[]) => spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let child = spawned("demo", "--data", place, "--listen", listen);
  await started(child, listen);
  if (Object.keys(packs).length > 0) {
    await ended(child);
    for (const [name, text] of Object.entries(packs)) {
      const path = join(place, "data", "packs", name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    const key = `file:${join(place, "root.key")}`;
    const clock = join(place, "clock");
    const where = ["--data", join(place, "data"), "--root-key", key, "--test-clock", clock];
    child = spawned("serve", ...where, "--listen", listen);
    await started(child, listen, "listening on");
  }
  return {
    url: `http://${listen}`,
    stop: async () => {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function started(child: ChildProcess, listen: string, sign = `http://${listen}`): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (part: Buffer) => {
      said += part.toString();
      if (said.includes(sign)) {
        resolve();
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the house ended with ${code}:\n${said}`)));
  });
}
