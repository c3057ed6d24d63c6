// Labels held before a camera. The pictures are looked at here, in the page, and go nowhere.
import { Alert } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import program from "zxing-wasm/reader/zxing_reader.wasm?url";
import { isThere } from "../../app/idle";

// WHY: left alone, it would fetch its program from a host of its maker's
prepareZXingModule({ overrides: { locateFile: () => program } });

const OPTIONS: ReaderOptions = { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: true };
/** Between two pictures, in milliseconds. */
const PAUSE = 120;
/** What is still before the camera is not read again until it was away for so long. */
const AWAY = 2_000;
/** Wide enough for a label of 20 mm at arm's length, small enough to be read while one waits. */
const WIDTH = 960;

function blame(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") {
    return "scan.cameraRefused";
  }
  return name === "NotFoundError" || name === "OverconstrainedError"
    ? "scan.cameraNone"
    : "scan.cameraFailed";
}

async function open(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 } },
  });
}

/** Looks at the picture of one moment. */
async function look(video: HTMLVideoElement, canvas: HTMLCanvasElement): Promise<string[]> {
  const scale = Math.min(1, WIDTH / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  if (!paper || canvas.width === 0) {
    return [];
  }
  paper.drawImage(video, 0, 0, canvas.width, canvas.height);
  const found = await readBarcodes(paper.getImageData(0, 0, canvas.width, canvas.height), OPTIONS);
  return found.filter((one) => one.isValid).map((one) => one.text);
}

export function Camera({ hear }: { hear: (text: string) => void }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const heard = useRef(hear);
  heard.current = hear;
  const [wrong, setWrong] = useState<string>();
  useEffect(() => {
    let over = false;
    let stream: MediaStream | undefined;
    const seen = new Map<string, number>();
    const canvas = document.createElement("canvas");
    const tell = (text: string) => {
      const now = Date.now();
      const last = seen.get(text) ?? 0;
      seen.set(text, now);
      if (now - last > AWAY) {
        isThere();
        heard.current(text);
      }
    };
    const watch = async () => {
      while (!over) {
        const screen = video.current;
        if (screen && screen.readyState >= 2 && !document.hidden) {
          for (const text of await look(screen, canvas)) {
            tell(text);
          }
        }
        await new Promise((next) => setTimeout(next, PAUSE));
      }
    };
    const begin = async () => {
      if (!navigator.mediaDevices) {
        setWrong("scan.cameraUnsafe");
        return;
      }
      stream = await open();
      const screen = video.current;
      if (over || !screen) {
        stop();
        return;
      }
      screen.srcObject = stream;
      await screen.play();
      await watch();
    };
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) {
        track.stop();
      }
    };
    begin().catch((error: unknown) => {
      if (!over) {
        setWrong(blame(error));
      }
      stop();
    });
    return () => {
      over = true;
      stop();
    };
  }, []);
  if (wrong !== undefined) {
    return <Alert type="error" showIcon role="alert" title={t(wrong)} style={{ maxWidth: 520 }} />;
  }
  return <video ref={video} muted playsInline className="scan-video" aria-label={t("scan.picture")} />;
}
