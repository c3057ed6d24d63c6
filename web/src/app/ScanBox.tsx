// The box for a number, a word or what a scanner types: it leads to the one record that is meant, or to what is found.
import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

export function ScanBox() {
  const { t } = useTranslation();
  const box = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const go = useNavigate();
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName) || at.isContentEditable;
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        box.current?.focus();
      }
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  const look = () => {
    const words = text.trim();
    if (words !== "") {
      go(`/find?q=${encodeURIComponent(words)}`);
      setText("");
    }
  };
  return (
    <Input
      ref={box}
      value={text}
      prefix={<SearchOutlined aria-hidden="true" />}
      placeholder={t("find.placeholder")}
      aria-label={t("find.placeholder")}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={look}
      maxLength={200}
      style={{ maxWidth: 420, width: "100%" }}
    />
  );
}
