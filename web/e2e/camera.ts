// What Chromium sees instead of a camera: a film of labels, drawn here.
import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";

const WIDTH = 640;
const HEIGHT = 480;
const PAPER = 235;
const INK = 16;
const GREY = 128;
/** A second of each label, at ten pictures a second. */
const PICTURES = 10;

async function modules(text: string): Promise<{ data: Uint8ClampedArray; width: number; height: number }> {
  const program = createRequire(import.meta.url).resolve("zxing-wasm/writer/zxing_writer.wasm");
  const bytes = await readFile(program);
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(bytes).buffer } });
  const { symbol, error } = await writeBarcode(text, { format: "QRCode", ecLevel: "M" });
  if (error !== "") {
    throw new Error(error);
  }
  return symbol;
}

/** One picture: brightness, and colours that are none. */
async function picture(text: string): Promise<Uint8Array> {
  const { data, width, height } = await modules(text);
  const scale = Math.floor((HEIGHT * 0.7) / height);
  const left = Math.floor((WIDTH - width * scale) / 2);
  const top = Math.floor((HEIGHT - height * scale) / 2);
  const bright = Buffer.alloc(WIDTH * HEIGHT, PAPER);
  for (let y = 0; y < height * scale; y += 1) {
    for (let x = 0; x < width * scale; x += 1) {
      const dark = (data[Math.floor(y / scale) * width + Math.floor(x / scale)] ?? 255) < 128;
      bright[(top + y) * WIDTH + left + x] = dark ? INK : PAPER;
    }
  }
  return Buffer.concat([bright, Buffer.alloc((WIDTH * HEIGHT) / 2, GREY)]);
}

/** The file that the browser was told of when it began (`playwright.config.ts`). */
const FILM = process.env.RUPING_CAMERA ?? "";

/** Holds these labels before the camera, each for a second, over and over. */
export async function film(labels: string[]) {
  const parts: Uint8Array[] = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)];
  for (const label of labels) {
    const one = await picture(label);
    for (let count = 0; count < PICTURES; count += 1) {
      parts.push(Buffer.from("FRAME\n"), one);
    }
  }
  await writeFile(FILM, Buffer.concat(parts));
}

export async function noFilm() {
  await rm(FILM, { force: true });
}
