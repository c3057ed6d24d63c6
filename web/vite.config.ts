import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Packs what is worth it once, here: the server only hands it out. */
function packed(): Plugin {
  const folder = join(import.meta.dirname, "dist", "assets");
  return {
    name: "packed",
    apply: "build",
    async closeBundle() {
      const names = (await readdir(folder)).filter((name) => /\.(js|css|svg|json|wasm)$/.test(name));
      const one = async (name: string) => {
        const plain = await readFile(join(folder, name));
        await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(plain, { level: 9 }));
      };
      await Promise.all(names.map(one));
    },
  };
}

export default defineConfig({
  plugins: [react(), packed()],
  test: { include: ["src/**/*.test.{ts,tsx}"] },
  build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0, target: "es2022" },
  server: {
    proxy: { "/api": process.env.RUPING_SERVER ?? "http://127.0.0.1:8080" },
  },
});
