// The other language, without a reload.
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { speak } from "./language";

export function LanguageButton() {
  const { i18n } = useTranslation();
  const zh = i18n.language === "zh-CN";
  return (
    <Button type="text" lang={zh ? "en" : "zh-CN"} onClick={() => speak(zh ? "en" : "zh-CN")}>
      {zh ? "English" : "中文"}
    </Button>
  );
}
