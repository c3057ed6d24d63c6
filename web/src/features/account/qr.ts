// A text as the modules of a QR code, drawn by the page itself: nothing of it leaves the browser.
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";
// WHY by address: the program serves it; the library's own way would ask another host
import wasm from "zxing-wasm/writer/zxing_writer.wasm?url";

prepareZXingModule({
  overrides: {
    locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasm : prefix + path),
  },
});

export type Code = { side: number; path: string };

export async function codeOf(text: string): Promise<Code> {
  const written = await writeBarcode(text, { format: "QRCode", options: "ecLevel=M", addQuietZones: false });
  if (written.error) {
    throw new Error(written.error);
  }
  const { data, width, height } = written.symbol;
  const parts: string[] = [];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      // what is dark is nought in the library's picture
      if (data[row * width + column] === 0) {
        parts.push(`M${column} ${row}h1v1h-1z`);
      }
    }
  }
  return { side: width, path: parts.join("") };
}
