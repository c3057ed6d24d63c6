// The field into which labels are scanned one after another: a scanner's keys reach it wherever one has clicked last.
import { CameraOutlined, MutedOutlined, ScanOutlined, SoundOutlined } from "@ant-design/icons";
import { Button, Flex, Input, type InputRef, Skeleton } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Said, type Word } from "../../scan/Said";
import { isMuted, mute, sound } from "../../scan/sound";
import { useTyped } from "../../scan/typed";

const Camera = lazy(() => import("./Camera").then((module) => ({ default: module.Camera })));

type Props = {
  hear: (text: string) => void;
  word: Word | undefined;
  /** Other buttons beside it. */
  children?: ReactNode;
};

/** Whether the key goes on where it was pressed: into another field, or to whatever asks something. */
function isTaken(at: HTMLElement): boolean {
  return (
    ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName) ||
    at.isContentEditable ||
    at.closest("[role=menu], [role=listbox]") !== null ||
    [...document.querySelectorAll("[role=dialog]")].some((one) => one.checkVisibility())
  );
}

export function ScanField({ hear, word, children }: Props) {
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const typed = useTyped(hear);
  const [filming, film] = useState(false);
  const [silent, silence] = useState(isMuted);
  useEffect(() => {
    const catchKey = (event: KeyboardEvent) => {
      const plain = event.key.length === 1 && ![" ", "/"].includes(event.key);
      const combined = event.ctrlKey || event.metaKey || event.altKey;
      if (plain && !combined && !isTaken(event.target as HTMLElement)) {
        // the key itself follows into the field
        field.current?.focus();
      }
    };
    window.addEventListener("keydown", catchKey, { capture: true });
    return () => window.removeEventListener("keydown", catchKey, { capture: true });
  }, []);
  return (
    <Flex vertical gap={8}>
      <Flex gap={8} wrap align="center">
        <Input
          {...typed}
          ref={field}
          autoFocus
          size="large"
          autoComplete="off"
          maxLength={200}
          prefix={<ScanOutlined aria-hidden="true" />}
          placeholder={t("scan.field")}
          aria-label={t("scan.field")}
          style={{ flex: "1 1 260px", maxWidth: 520 }}
        />
        <Button
          size="large"
          icon={<CameraOutlined aria-hidden="true" />}
          aria-pressed={filming}
          type={filming ? "primary" : "default"}
          onClick={() => film(!filming)}
        >
          {filming ? t("scan.cameraOff") : t("scan.camera")}
        </Button>
        <Button
          size="large"
          icon={silent ? <MutedOutlined aria-hidden="true" /> : <SoundOutlined aria-hidden="true" />}
          aria-pressed={!silent}
          aria-label={t("scan.sound")}
          title={t("scan.sound")}
          onClick={() => {
            mute(!silent);
            silence(!silent);
            sound("good");
          }}
        />
        {children}
      </Flex>
      <Said word={word} />
      {filming && (
        <Suspense fallback={<Skeleton.Node active style={{ width: 320, height: 240 }} />}>
          <Camera hear={hear} />
        </Suspense>
      )}
    </Flex>
  );
}
