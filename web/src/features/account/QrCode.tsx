// A QR code on white, also in the dark: telephones read no other.
import { Skeleton } from "antd";
import { useEffect, useState } from "react";
import { type Code, codeOf } from "./qr";

const QUIET = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<Code>();
  useEffect(() => {
    let wanted = true;
    codeOf(text)
      .then((made) => wanted && setCode(made))
      // without it the secret stands beside, to be typed
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [text]);
  if (!code) {
    return <Skeleton.Node active style={{ width: 180, height: 180 }} />;
  }
  const side = code.side + 2 * QUIET;
  return (
    <svg role="img" aria-label={label} width={180} height={180} viewBox={`0 0 ${side} ${side}`}>
      <rect width={side} height={side} fill="#ffffff" />
      <path
        d={code.path}
        transform={`translate(${QUIET} ${QUIET})`}
        fill="#000000"
        shapeRendering="crispEdges"
      />
    </svg>
  );
}
