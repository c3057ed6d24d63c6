// Which language the page speaks: the user's choice, kept in this browser; else the browser's.
import dayjs from "dayjs";
import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import type { Text } from "../api/client";
import en from "../locales/en/web.json";
import zh from "../locales/zh-CN/web.json";
import "dayjs/locale/zh-cn";

export type Language = "zh-CN" | "en";

const KEPT = "ruping.language";

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh-CN" || kept === "en") {
    return kept;
  }
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

void i18n.use(initReactI18next).init({
  lng: first(),
  fallbackLng: false,
  resources: { "zh-CN": { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false },
  returnNull: false,
  showSupportNotice: false,
});

function dress(language: string) {
  document.documentElement.lang = language;
  dayjs.locale(language === "zh-CN" ? "zh-cn" : "en");
}

i18n.on("languageChanged", dress);
dress(i18n.language);

export function speak(language: Language) {
  localStorage.setItem(KEPT, language);
  void i18n.changeLanguage(language);
}

/** A text of the server's in the language of the page. */
export function said(text: Text | undefined | null, language: string): string {
  if (!text) {
    return "";
  }
  return language === "zh-CN" ? text.zh : text.en;
}
